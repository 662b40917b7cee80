import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BALANCES,
  type BalanceOptions,
  balancedCounts,
  countLocations,
  planBalance,
  sampleWeights,
} from '../../src/dataset/index.js';

const times = (count: number, ...ids: number[]) => Array.from({ length: count }, () => ids);
/** Effective counts of the first `shown` locations. */
const after = (locations: number[][], options: BalanceOptions, shown: number) =>
  [...balancedCounts(locations, planBalance(locations, options))].slice(0, shown);

const single = [...times(8, 0), ...times(4, 1), ...times(2, 2)];

test('none: every sample once', () => {
  expect(planBalance([[0], [1, 2]], { method: 'none', seed: 1 }).samples).toEqual(Uint32Array.of(0, 1));
  expect(after(single, { method: 'none', seed: 1 }, 3)).toEqual([8, 4, 2]);
});

test('undersample: with one location each, as many of each as of the rarest, or as asked', () => {
  expect(after(single, { method: 'undersample', seed: 1 }, 3)).toEqual([2, 2, 2]);
  expect(after(single, { method: 'undersample', seed: 1, perLocation: 3 }, 3)).toEqual([3, 3, 2]);
});

test('oversample: with one location each, as many of each as of the most frequent, evenly repeated', () => {
  const { samples } = planBalance(single, { method: 'oversample', seed: 1 });
  expect(after(single, { method: 'oversample', seed: 1 }, 3)).toEqual([8, 8, 8]);
  const repeats = single.map((_, sample) => samples.filter((drawn) => drawn === sample).length);
  expect(repeats).toEqual([...new Array(8).fill(1), ...new Array(4).fill(2), ...new Array(2).fill(4)]);
});

test('class weights give every location the same sum, and all together what they had', () => {
  expect(after([...single, ...times(1, 0, 2)], { method: 'class-weights', seed: 1 }, 3)).toEqual(
    [16 / 3, 16 / 3, 16 / 3].map((value) => expect.closeTo(value, 4)),
  );
  // A location without samples has no weight.
  const { classWeights } = planBalance(single, { method: 'class-weights', seed: 1 });
  expect([...classWeights].slice(0, 4)).toEqual([14 / 24, 14 / 12, 14 / 6, 0].map(Math.fround));
});

test('sample weights: by the root of the rarest location, mean 1, at most 4 before that', () => {
  // Mean count 4: roots of 4/6, 4/2.
  const weights = sampleWeights([...times(6, 0), ...times(2, 1)]);
  expect(weights[7] / weights[0]).toBeCloseTo(Math.sqrt(3), 5);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(8, 4);
  const rare = sampleWeights([...times(999, 0), [1]]);
  expect(rare[999] / rare[0]).toBeCloseTo(4 / Math.sqrt(500 / 999), 4);
});

test('multi-label: the rare location is repeated, its frequent companion only with it', () => {
  // Counts 18, 2, mean 10: factors 1 and sqrt(5), so two or three times.
  const locations = [...times(16, 0), ...times(2, 0, 1)];
  const { samples } = planBalance(locations, { method: 'multi-label', seed: 3 });
  const repeats = locations.map((_, sample) => samples.filter((drawn) => drawn === sample).length);
  expect(repeats.slice(0, 16)).toEqual(new Array(16).fill(1));
  for (const count of repeats.slice(16)) expect([2, 3]).toContain(count);
});

const samples = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 60,
});

describe('laws over samples with several locations', () => {
  test('undersample: no sample twice, no location above the rarest', () => {
    fc.assert(
      fc.property(samples, fc.integer(), (locations, seed) => {
        const plan = planBalance(locations, { method: 'undersample', seed });
        const rarest = Math.min(...countLocations(locations).filter((count) => count > 0));
        expect(new Set(plan.samples).size).toBe(plan.samples.length);
        for (const count of balancedCounts(locations, plan)) expect(count).toBeLessThanOrEqual(rarest);
      }),
    );
  });

  test('oversample: every sample at least once, no location below the most frequent', () => {
    fc.assert(
      fc.property(samples, fc.integer(), (locations, seed) => {
        const plan = planBalance(locations, { method: 'oversample', seed });
        const before = countLocations(locations);
        const counts = balancedCounts(locations, plan);
        expect(new Set(plan.samples).size).toBe(locations.length);
        before.forEach((count, id) => {
          if (count > 0) expect(counts[id]).toBeGreaterThanOrEqual(Math.max(...before));
        });
      }),
    );
  });

  test('every method: the same seed the same plan, weights of mean 1, indices in range', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(...BALANCES), fc.integer(), (locations, method, seed) => {
        const plan = planBalance(locations, { method, seed });
        expect(planBalance(locations, { method, seed })).toEqual(plan);
        expect(plan.samples.every((sample) => sample < locations.length)).toBe(true);
        const total = plan.sampleWeights.reduce((sum, weight) => sum + weight, 0);
        expect(total / plan.samples.length).toBeCloseTo(1, 4);
      }),
    );
  });
});

test('another seed draws others', () => {
  const draw = (seed: number) => [...planBalance(single, { method: 'undersample', seed }).samples];
  expect(draw(1)).not.toEqual(draw(2));
});

test('a count that cannot be is refused', () => {
  expect(() => planBalance(single, { method: 'undersample', seed: 1, perLocation: 0 })).toThrow(
    expect.objectContaining({ code: 'balance-count' }),
  );
});
