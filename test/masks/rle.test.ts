import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMask, encodeLabelImage, encodeMask, paintMask } from '../../src/masks/index.js';
import { drawn, type Mask, masks } from './naive.js';

function encode({ data, width, height }: Mask) {
  return encodeMask(data, width, height);
}

test('runs are counted down the columns, zeros first', () => {
  expect([...encode(drawn('#.', '#.', '.#')).counts]).toEqual([0, 2, 3, 1]);
  expect([...encode(drawn('..', '.#')).counts]).toEqual([3, 1]);
  expect([...encode(drawn('.#', '#.')).counts]).toEqual([1, 2, 1]);
  expect([...encode(drawn('...', '...')).counts]).toEqual([6]);
  expect([...encode(drawn('##')).counts]).toEqual([0, 2]);
});

test('decoding undoes encoding', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      expect(decodeMask(encode(mask))).toEqual(mask.data);
    }),
  );
});

test('runs of length zero do no harm', () => {
  expect([...decodeMask({ width: 2, height: 2, counts: Uint32Array.of(1, 1, 0, 1, 1, 0) })]).toEqual([
    0, 1, 1, 0,
  ]);
});

describe('a label image', () => {
  test('gives every label its runs, ascending', () => {
    const labels = { width: 3, height: 2, data: Int32Array.of(7, 7, 2, 0, 70000, 2) };
    const rles = encodeLabelImage(labels);
    expect([...rles].map(([label, { counts }]) => [label, ...counts])).toEqual([
      [2, 4, 2],
      [7, 0, 1, 1, 1, 3],
      [70000, 3, 1, 2],
    ]);
  });

  test('gives the same as each label encoded alone, also across blocks of columns', () => {
    const images = fc
      .record({
        width: fc.integer({ min: 1, max: 80 }),
        height: fc.integer({ min: 1, max: 9 }),
        scale: fc.integer({ min: 1, max: 20 }),
      })
      .chain(({ width, height, scale }) =>
        fc
          .array(fc.integer({ min: 0, max: 4 }), { minLength: width * height, maxLength: width * height })
          .map((values) => ({
            width,
            height,
            // Patches of one label `scale` pixels wide, so that runs go over many columns.
            data: Int32Array.from(values, (_, i) => values[Math.floor((i % width) / scale)]),
          })),
      );
    fc.assert(
      fc.property(images, (labels) => {
        const rles = encodeLabelImage(labels);
        const present = [...new Set(labels.data)].filter((label) => label > 0).sort((a, b) => a - b);
        expect([...rles.keys()]).toEqual(present);
        for (const [label, rle] of rles) {
          const alone = encodeMask(
            labels.data.map((value) => (value === label ? 1 : 0)),
            labels.width,
            labels.height,
          );
          expect(rle).toEqual(alone);
        }
      }),
    );
  });

  test('can be painted back', () => {
    const labels = { width: 3, height: 2, data: Int32Array.of(7, 7, 2, 0, 1, 2) };
    const painted = { width: 3, height: 2, data: new Int32Array(6) };
    for (const [label, rle] of encodeLabelImage(labels)) paintMask(rle, painted, label);
    expect(painted).toEqual(labels);
    expect(() => paintMask(encode(drawn('#')), painted, 1)).toThrow('mask of 1x1 on an image of 3x2');
  });

  test('without cells gives no masks', () => {
    expect(encodeLabelImage({ width: 3, height: 2, data: new Int32Array(6) }).size).toBe(0);
  });
});
