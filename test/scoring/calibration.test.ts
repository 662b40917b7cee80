import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibration } from '../../src/scoring/index.js';

test('worked out by hand', () => {
  const result = calibration([0.1, 0.3, 0.9, 1], [0, 1, 1, 1], 2);
  // Bins: {0.1, 0.3}: mean 0.2, half positive; {0.9, 1}: mean 0.95, all positive.
  expect(result.ece).toBeCloseTo(0.5 * 0.3 + 0.5 * 0.05, 12);
  expect(result.brier).toBeCloseTo((0.01 + 0.49 + 0.01 + 0) / 4, 12);
  expect(result.bins).toEqual([
    { low: 0, high: 0.5, count: 2, meanScore: 0.2, frequency: 0.5 },
    { low: 0.5, high: 1, count: 2, meanScore: 0.95, frequency: 1 },
  ]);
});

test('a score on the edge of two bins falls into the upper one', () => {
  expect(calibration([0.5, 0.1, 0.7], [1, 0, 1], 10).bins.map(({ count }) => count)).toEqual([
    0, 1, 0, 0, 0, 1, 0, 1, 0, 0,
  ]);
});

test('empty bins and no items', () => {
  expect(calibration([1], [1], 2).bins[0]).toMatchObject({
    count: 0,
    meanScore: Number.NaN,
    frequency: Number.NaN,
  });
  expect(calibration([], []).ece).toBeNaN();
});

test('wrong scores are refused', () => {
  expect(() => calibration([1.5], [1])).toThrow('score 1.5 is not in [0, 1]');
  expect(() => calibration([Number.NaN], [1])).toThrow(RangeError);
  expect(() => calibration([0.5], [])).toThrow('1 scores for 0 items');
});

test('certain and right is 0, certain and wrong is 1; both errors stay in [0, 1]', () => {
  expect(calibration([1, 0], [1, 0])).toMatchObject({ ece: 0, brier: 0 });
  expect(calibration([1, 0], [0, 1])).toMatchObject({ ece: 1, brier: 1 });
  const items = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1 })),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(items, (list) => {
      const { ece, brier, bins } = calibration(
        list.map(([score]) => score),
        list.map(([, truth]) => truth),
      );
      expect(ece).toBeLessThanOrEqual(1);
      expect(brier).toBeLessThanOrEqual(1);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
    }),
  );
});
