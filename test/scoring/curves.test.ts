import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averagePrecision, bestF1, precisionRecallCurve, rankItems } from '../../src/scoring/index.js';

test('one point for each different score', () => {
  const curve = precisionRecallCurve(rankItems([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]));
  expect(curve).toEqual([
    { threshold: 0.9, precision: 1, recall: 0.5, f1: 2 / 3 },
    { threshold: 0.5, precision: 2 / 3, recall: 1, f1: 4 / 5 },
    { threshold: 0.1, precision: 0.5, recall: 1, f1: 4 / 6 },
  ]);
});

test('detections: recall counts the truths that nothing found', () => {
  const ranked = { scores: Float64Array.of(0.8, 0.3), hits: Uint8Array.of(1, 0), truths: 4 };
  expect(precisionRecallCurve(ranked).map(({ recall }) => recall)).toEqual([0.25, 0.25]);
  expect(bestF1(ranked)).toEqual({ threshold: 0.8, precision: 1, recall: 0.25, f1: 2 / 5 });
});

test('no items, nothing to find', () => {
  expect(bestF1(rankItems([], []))).toBeNull();
  expect(bestF1(rankItems([0.4], [0]))).toMatchObject({ f1: 0, recall: Number.NaN });
  expect(() => rankItems([1], [])).toThrow('1 scores for 0 items');
});

test('the curve is the one that average precision sums up; the best F1 is what its threshold gives', () => {
  const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), {
    minLength: 1,
    maxLength: 25,
  });
  fc.assert(
    fc.property(items, (list) => {
      const scores = list.map(([score]) => score);
      const truth = list.map(([, hit]) => hit);
      const ranked = rankItems(scores, truth);
      if (ranked.truths === 0) return;
      let last = 0;
      let area = 0;
      for (const { recall, precision } of precisionRecallCurve(ranked)) {
        area += (recall - last) * precision;
        last = recall;
      }
      expect(area).toBeCloseTo(averagePrecision(scores, truth), 12);
      const best = bestF1(ranked)!;
      const taken = truth.filter((_, i) => scores[i] >= best.threshold);
      const tp = taken.filter((hit) => hit === 1).length;
      expect(best.f1).toBeCloseTo((2 * tp) / (taken.length + ranked.truths), 12);
      expect(Math.max(...precisionRecallCurve(ranked).map(({ f1 }) => f1))).toBe(best.f1);
    }),
  );
});
