import { expect, test } from 'vitest';
import { applyThresholds, multilabelScores } from '../../src/scoring/index.js';

// Four items of three classes; the third class occurs nowhere.
const truth = [1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0];
const predicted = [1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0];

test('worked out by hand', () => {
  const scores = multilabelScores(predicted, truth, 3);
  expect(scores.perClass).toEqual([
    { tp: 2, fp: 1, fn: 0, f1: 4 / 5 },
    { tp: 1, fp: 0, fn: 1, f1: 2 / 3 },
    { tp: 0, fp: 0, fn: 0, f1: Number.NaN },
  ]);
  expect(scores.microF1).toBeCloseTo(6 / 8, 12);
  expect(scores.macroF1).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
  expect(scores.exactMatch).toBe(0.5);
});

test('absent classes can count as zero, as in the 2018 competition', () => {
  expect(multilabelScores(predicted, truth, 3, { absentClasses: 'zero' }).macroF1).toBeCloseTo(
    (4 / 5 + 2 / 3) / 3,
    12,
  );
});

test('perfect, and nothing at all', () => {
  expect(multilabelScores(truth, truth, 3)).toMatchObject({ microF1: 1, macroF1: 1, exactMatch: 1 });
  expect(multilabelScores([], [], 3)).toMatchObject({
    microF1: Number.NaN,
    macroF1: Number.NaN,
    exactMatch: Number.NaN,
  });
});

test('wrong lengths are refused', () => {
  expect(() => multilabelScores([1], [1, 0], 2)).toThrow('1 predicted, 2 true values of 2 classes');
  expect(() => multilabelScores([1, 0, 1], [1, 0, 1], 2)).toThrow(RangeError);
  expect(() => applyThresholds([0.5], [0.5, 0.5])).toThrow('1 scores for 2 thresholds');
});

test('a score at its threshold counts', () => {
  expect([...applyThresholds([0.5, 0.5, 0.4, 0.9], [0.5, 0.6])]).toEqual([1, 0, 0, 1]);
});
