import { expect, test } from 'vitest';
import { createRandom, LOCATIONS } from '../../src/common/index.js';
import { calibrateScores, logit } from '../../src/networks/index.js';
import { fitCalibration, judgeCalibration, type KnownScores } from '../../src/training/index.js';

const CLASSES = LOCATIONS.length;

/** Fields whose cells show each location with the probability that `truthOf` makes of the network's score. */
function drawFields(
  count: number,
  cells: number,
  truthOf: (score: number, id: number) => number,
): KnownScores[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const scores = Float32Array.from({ length: cells * CLASSES }, () => random.uniform());
    const targets = scores.map((score, at) => (random.uniform() < truthOf(score, at % CLASSES) ? 1 : 0));
    return { field: `f${i}`, cells, scores, targets };
  });
}

test('scores that are twice too sure get half the slope, and rare locations an offset', () => {
  const truthOf = (score: number, id: number) =>
    1 / (1 + Math.exp(-(0.5 * logit(score) - (id === 3 ? 2 : 0))));
  const { slopes, offsets, cells, fields } = fitCalibration(drawFields(40, 100, truthOf));
  expect([cells, fields]).toEqual([4000, 40]);
  slopes.forEach((slope) => {
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.1);
  });
  offsets.forEach((offset, id) => {
    expect(Math.abs(offset - (id === 3 ? -2 : 0))).toBeLessThan(0.2);
  });
});

test('a location that no cell shows gets a small probability, one that scores say nothing of its frequency', () => {
  const fields = drawFields(20, 50, (_, id) => (id === 0 ? 0 : id === 1 ? 0.3 : 0.5));
  const fitted = fitCalibration(fields);
  const half = new Float32Array(CLASSES).fill(0.5);
  const [never, sometimes] = calibrateScores(half, fitted);
  expect(never).toBeLessThan(0.01);
  expect(never).toBeGreaterThan(0);
  expect(Math.abs(sometimes - 0.3)).toBeLessThan(0.05);
  expect(Math.min(...fitted.slopes)).toBeGreaterThan(0);
});

test('scores turned round keep their order', () => {
  const fitted = fitCalibration(drawFields(20, 50, (score) => 1 - score));
  const at = (score: number) => calibrateScores(new Float32Array(CLASSES).fill(score), fitted)[5];
  expect(at(0.9)).toBeGreaterThan(at(0.1));
  expect(Math.abs(at(0.5) - 0.5)).toBeLessThan(0.1);
});

test('the error falls on fields that the calibration was not fitted on', () => {
  const fields = drawFields(30, 100, (score) => 0.1 * score);
  const { before, after } = judgeCalibration(fields);
  expect(before.ece).toBeGreaterThan(0.4);
  expect(after.ece).toBeLessThan(0.02);
  expect(after.brier).toBeLessThan(before.brier);
});
