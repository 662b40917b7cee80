import { expect, test } from 'vitest';
import { callLocations, rankLocations, summarizeScores, weightScores } from '../../src/predict/index.js';

const scores = (entries: Record<number, number>) => {
  const all = new Float32Array(19);
  for (const [id, score] of Object.entries(entries)) all[Number(id)] = score;
  return all;
};

test('a field has the mean of its cells, and their standard deviation', () => {
  const { mean, deviation } = summarizeScores([scores({ 0: 1, 3: 0.5 }), scores({ 0: 0, 3: 0.5 })]);
  expect(mean[0]).toBe(0.5);
  expect(deviation[0]).toBe(0.5);
  expect(mean[3]).toBe(0.5);
  expect(deviation[3]).toBe(0);
});

test('a field without cells has zeros', () => {
  const { mean, deviation } = summarizeScores([]);
  expect([...mean, ...deviation]).toEqual(Array(38).fill(0));
});

test('locations are ranked by score, ties by class id', () => {
  const ranked = rankLocations(scores({ 2: 0.25, 5: 0.75, 9: 0.25 }));
  expect(ranked.slice(0, 4).map(({ location }) => location)).toEqual([5, 2, 9, 0]);
});

test('a location is called from the threshold on', () => {
  expect(callLocations(scores({ 4: 0.5, 6: 0.75, 8: 0.25 }), 0.5)).toEqual([6, 4]);
});

test('scores are weighted by area: half the full area, half the score; never above the score', () => {
  const original = scores({ 1: 0.5 });
  expect(weightScores(original, 256, true)[1]).toBeCloseTo(0.25);
  expect(weightScores(original, 102.4, false)[1]).toBeCloseTo(0.25);
  expect(weightScores(original, 1000, true)).toEqual(original);
});
