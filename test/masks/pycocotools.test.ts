import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countsFromString,
  countsToString,
  decodeMask,
  encodeLabelImage,
  encodeMask,
  fromCocoSegmentation,
  outlinePolygon,
  type Rle,
  rleArea,
  rleBox,
  rleIou,
  rleOverlap,
  rleUnion,
  traceOutlines,
} from '../../src/masks/index.js';
import { pycocotoolsMissing, startPycocotools } from './coco-oracle.js';
import { type Mask, maskPairs, masks } from './naive.js';

const encode = ({ data, width, height }: Mask) => encodeMask(data, width, height);
const counts = (rle: Rle) => countsToString(rle.counts);

/** Corners anywhere in and around a small image, on a coarse grid and off it. */
const polygons = fc.array(
  fc.array(fc.oneof(fc.integer({ min: -4, max: 24 }), fc.double({ min: -4, max: 24, noNaN: true })), {
    minLength: 6,
    maxLength: 16,
  }),
  { minLength: 1, maxLength: 3 },
);

describe.skipIf(pycocotoolsMissing)('beside pycocotools (skipped without bench/peers/.venv)', () => {
  const { ask } = startPycocotools();

  test('masks: encoding, decoding, areas, boxes, IoU, union and overlap are the same', async () => {
    interface Answer {
      counts: string[];
      decoded: number[][];
      areas: number[];
      boxes: number[][];
      iou: number[][];
      union: string;
      overlap: string;
    }
    await fc.assert(
      fc.asyncProperty(maskPairs, async (pair) => {
        const { width, height } = pair[0];
        const ours = pair.map(encode);
        const theirs = await ask<Answer>({
          what: 'masks',
          width,
          height,
          masks: pair.map(({ data }) => [...data]),
          counts: ours.map(counts),
        });
        expect(ours.map(counts)).toEqual(theirs.counts);
        expect(theirs.counts.map((text) => [...decodeMask(countsFromString(text, width, height))])).toEqual(
          theirs.decoded,
        );
        expect(ours.map(rleArea)).toEqual(theirs.areas);
        expect(ours.map((rle) => Object.values(rleBox(rle)))).toEqual(theirs.boxes);
        // Two empty masks: 0 / 0 to pycocotools, none in common to us.
        expect(ours.map((a) => ours.map((b) => rleIou(a, b)))).toEqual(
          theirs.iou.map((row) => row.map((value) => (Number.isFinite(value) ? value : 0))),
        );
        expect(counts(rleUnion(ours[0], ours[1]))).toBe(theirs.union);
        expect(counts(rleOverlap(ours[0], ours[1]))).toBe(theirs.overlap);
      }),
      { numRuns: 300 },
    );
  });

  test('label images: all cells in one pass as pycocotools encodes each alone', async () => {
    const labels = fc
      .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) =>
        fc
          .array(fc.integer({ min: 0, max: 3 }), { minLength: width * height, maxLength: width * height })
          .map((data) => ({ width, height, data: Int32Array.from(data) })),
      );
    await fc.assert(
      fc.asyncProperty(labels, async ({ width, height, data }) => {
        const ours = encodeLabelImage({ width, height, data });
        const present = [...ours.keys()];
        if (present.length === 0) return;
        const theirs = await ask<{ counts: string[] }>({
          what: 'masks',
          width,
          height,
          masks: present.map((label) => Array.from(data, (value) => (value === label ? 1 : 0))),
          counts: [...ours.values()].map(counts),
        });
        expect([...ours.values()].map(counts)).toEqual(theirs.counts);
      }),
    );
  });

  test('polygons are filled with the same pixels, whatever their corners', async () => {
    await fc.assert(
      fc.asyncProperty(polygons, async (drawn) => {
        const whole = drawn.map((corners) => corners.slice(0, corners.length & ~1));
        const [width, height] = [20, 15];
        const theirs = await ask<{ counts: string }>({ what: 'polygons', width, height, polygons: whole });
        expect(counts(fromCocoSegmentation(whole, width, height))).toBe(theirs.counts);
      }),
      { numRuns: 1000 },
    );
  });

  test('pycocotools fills our polygons with exactly the mask, holes and islands included', async () => {
    await fc.assert(
      fc.asyncProperty(masks, async (mask) => {
        const rle = encode(mask);
        const drawn = traceOutlines(rle).map(outlinePolygon);
        if (drawn.length === 0) return;
        const theirs = await ask<{ counts: string }>({ what: 'polygons', ...mask, polygons: drawn });
        expect(theirs.counts).toBe(counts(rle));
      }),
      { numRuns: 300 },
    );
  });
});
