import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averagePrecision, envelopeAveragePrecision, rankByScore } from '../../src/scoring/index.js';

test('a ranking worked out by hand', () => {
  // Ranked: hit, miss, hit, miss: (1/1 + 2/3) / 2.
  expect(averagePrecision([0.9, 0.1, 0.5, 0.7], [1, 0, 1, 0])).toBeCloseTo((1 + 2 / 3) / 2, 12);
});

test('perfect, worst and constant rankings', () => {
  expect(averagePrecision([3, 2, 1], [1, 1, 0])).toBe(1);
  expect(averagePrecision([1, 2, 3], [1, 0, 0])).toBeCloseTo(1 / 3, 12);
  expect(averagePrecision([5, 5, 5, 5], [0, 1, 0, 0])).toBe(0.25);
});

test('nothing to find has no score; wrong input is refused', () => {
  expect(averagePrecision([0.3, 0.2], [0, 0])).toBeNaN();
  expect(averagePrecision([], [])).toBeNaN();
  expect(() => averagePrecision([1], [1, 0])).toThrow('1 scores for 2 items');
  expect(() => averagePrecision([Number.NaN], [1])).toThrow('score 0 is NaN');
});

const items = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 5 }), truth: fc.integer({ min: 0, max: 1 }) }),
  {
    minLength: 1,
    maxLength: 20,
  },
);
const apOf = (list: { score: number; truth: number }[]) =>
  averagePrecision(
    list.map(({ score }) => score),
    list.map(({ truth }) => truth),
  );

test('the order of the items does not matter, nor does stretching the scores', () => {
  fc.assert(
    fc.property(items, (list) => {
      const ap = apOf(list);
      expect(apOf([...list].reverse())).toEqual(Number.isNaN(ap) ? ap : expect.closeTo(ap, 12));
      expect(apOf(list.map(({ score, truth }) => ({ score: score ** 3 - 7, truth })))).toEqual(ap);
    }),
  );
});

test('without ties it is the mean precision at the hits', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 20 }), (hits) => {
      const precisions = hits.flatMap((hit, i) =>
        hit ? [hits.slice(0, i + 1).filter(Boolean).length / (i + 1)] : [],
      );
      const mean = precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
      const ap = averagePrecision(
        hits.map((_, i) => -i),
        hits,
      );
      expect(ap).toEqual(precisions.length === 0 ? Number.NaN : expect.closeTo(mean, 12));
      // The envelope only raises precision.
      if (precisions.length > 0)
        expect(envelopeAveragePrecision(hits, precisions.length)).toBeGreaterThanOrEqual(ap - 1e-12);
    }),
  );
});

test('the envelope takes the best precision at this recall or more', () => {
  // Precisions at the hits: 1/2, 2/3, 3/4; each is raised to 3/4; one of four truths is never found.
  expect(envelopeAveragePrecision([0, 1, 1, 1], 4)).toBeCloseTo((3 * 0.75) / 4, 12);
  expect(envelopeAveragePrecision([], 4)).toBe(0);
  expect(envelopeAveragePrecision([0, 0], 4)).toBe(0);
  expect(envelopeAveragePrecision([0], 0)).toBeNaN();
});

test('equal scores keep their order in a ranking', () => {
  expect([...rankByScore([1, 3, 3, 2, 3])]).toEqual([1, 2, 4, 3, 0]);
});
