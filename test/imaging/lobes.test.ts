import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelComponents, splitLobes } from '../../src/imaging/index.js';
import { anyMask, picture, plane } from './helpers.js';

const ridge = plane([[0, 3, 5, 4, 2, 4, 3, 0, 1]]);

test('peaks that stand apart get their own basin, numbered from the highest down', () => {
  const out = splitLobes(ridge, (lowerPeak, saddle) => saddle < 0.6 * lowerPeak);
  expect(picture(out)).toEqual(['.111122.3']);
});

test('peaks that do not are joined', () => {
  const out = splitLobes(ridge, (lowerPeak, saddle) => saddle < 0.4 * lowerPeak);
  expect(picture(out)).toEqual(['.111111.2']);
});

test('the lower peak and the saddle are handed over, once for each pair that meets', () => {
  const seen: number[][] = [];
  splitLobes(ridge, (lowerPeak, saddle) => {
    seen.push([lowerPeak, saddle]);
    return false;
  });
  expect(seen).toEqual([[4, 2]]);
});

test('joining everything gives the 8-connected components; each basin is in one piece', () => {
  const scenes = anyMask.chain((area) =>
    fc.record({
      area: fc.constant(area),
      heights: fc.array(fc.integer({ min: 1, max: 6 }), {
        minLength: area.data.length,
        maxLength: area.data.length,
      }),
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(scenes, ({ area: { data, width, height }, heights, ratio }) => {
      const landscape = {
        width,
        height,
        bitDepth: 32 as const,
        data: Float32Array.from(heights, (v, i) => v * data[i]),
      };
      const parts = labelComponents(data, width, height).data;
      const joined = splitLobes(landscape, () => false).data;
      const pairs = new Set(Array.from(parts, (part, i) => `${part},${joined[i]}`));
      expect(pairs.size).toBe(new Set(parts).size);
      expect(new Set(joined).size).toBe(new Set(parts).size);

      const split = splitLobes(landscape, (peak, saddle) => saddle < ratio * peak).data;
      for (const label of new Set(split)) {
        if (label === 0) continue;
        const own = Uint8Array.from(split, (v) => (v === label ? 1 : 0));
        expect(Math.max(...labelComponents(own, width, height).data)).toBe(1);
      }
      split.forEach((label, i) => {
        expect(label !== 0).toBe(data[i] !== 0);
      });
    }),
    { numRuns: 200, examples: [[PIXEL_BETWEEN_THREE]] },
  );
});

/** Two basins that are joined at a pixel which belongs to a third once fell apart. */
const PIXEL_BETWEEN_THREE = {
  area: {
    width: 6,
    height: 4,
    data: Uint8Array.from([0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1]),
  },
  heights: [1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  ratio: 0.5000000000000001,
};
