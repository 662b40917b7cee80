import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelComponents, watershed } from '../../src/imaging/index.js';
import { anyMask, labels, mask, picture, plane } from './helpers.js';

test('two basins meet on the ridge between their seeds', () => {
  const cost = plane([[0, 1, 2, 9, 3, 2, 0]]);
  expect(picture(watershed(cost, labels('1.....2')))).toEqual(['1111222']);
});

test('a plateau is shared out by distance from the seeds', () => {
  const flat = plane([[0, 0, 0, 0, 0, 0]]);
  expect(picture(watershed(flat, labels('1....2')))).toEqual(['111222']);
});

test('a low path is taken around a high wall', () => {
  const cost = plane([
    [0, 9, 0, 0],
    [0, 9, 0, 9],
    [0, 0, 0, 9],
  ]);
  expect(picture(watershed(cost, labels('1...', '....', '...2')))).toEqual(['1111', '1111', '1112']);
});

test('nothing grows outside the mask or across it; a seed outside stays alone', () => {
  const area = mask('###.#', '.....', '..#..');
  const seeds = labels('1....', '2....', '.....');
  expect(
    picture(
      watershed(
        plane([
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
        ]),
        seeds,
        area.data,
      ),
    ),
  ).toEqual(['111..', '2....', '.....']);
});

test('sizes that differ are refused', () => {
  expect(() => watershed(plane([[0, 0]]), labels('1'))).toThrow(/2x1.*1x1/);
});

test('what a seed reaches gets a label, each label stays in one piece, nothing else is labelled', () => {
  const scenes = anyMask.chain((area) =>
    fc.record({
      area: fc.constant(area),
      costs: fc.array(fc.integer({ min: 0, max: 5 }), {
        minLength: area.data.length,
        maxLength: area.data.length,
      }),
      seeds: fc.uniqueArray(fc.integer({ min: 0, max: area.data.length - 1 }), { maxLength: 4 }),
    }),
  );
  fc.assert(
    fc.property(scenes, ({ area: { data, width, height }, costs, seeds }) => {
      const seedLabels = { width, height, data: new Int32Array(data.length) };
      const inside = seeds.filter((pixel) => data[pixel] !== 0);
      inside.forEach((pixel, i) => {
        seedLabels.data[pixel] = i + 1;
      });
      const cost = { width, height, bitDepth: 32 as const, data: Float32Array.from(costs) };
      const out = watershed(cost, seedLabels, data);
      const parts = labelComponents(data, width, height);
      const seeded = new Set(inside.map((pixel) => parts.data[pixel]));
      out.data.forEach((label, i) => {
        expect(label !== 0).toBe(data[i] !== 0 && seeded.has(parts.data[i]));
      });
      inside.forEach((pixel, i) => {
        expect(out.data[pixel]).toBe(i + 1);
        const own = Uint8Array.from(out.data, (label) => (label === i + 1 ? 1 : 0));
        expect(Math.max(...labelComponents(own, width, height).data)).toBe(1);
      });
    }),
    { numRuns: 300 },
  );
});
