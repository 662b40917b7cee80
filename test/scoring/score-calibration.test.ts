import { expect, test } from 'vitest';
import { createRandom, LOCATIONS } from '../../src/common/index.js';
import { judgeCalibration, type KnownScores } from '../../src/runs/index.js';
import { calibrateScores, fitCalibration, logit } from '../../src/scoring/index.js';

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

function fitOn(fields: readonly KnownScores[]) {
  const join = (rows: readonly Float32Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));
  return fitCalibration(join(fields.map(({ scores }) => scores)), join(fields.map(({ targets }) => targets)));
}

test('scores that are twice too sure get half the slope, and rare locations an offset', () => {
  const truthOf = (score: number, id: number) =>
    1 / (1 + Math.exp(-(0.5 * logit(score) - (id === 3 ? 2 : 0))));
  const { slopes, offsets } = fitOn(drawFields(80, 100, truthOf));
  slopes.forEach((slope) => {
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.1);
  });
  offsets.forEach((offset, id) => {
    expect(Math.abs(offset - (id === 3 ? -2 : 0))).toBeLessThan(0.3);
  });
});

test('a location that no cell shows gets a small probability, the smaller the more cells were seen', () => {
  const half = new Float32Array(CLASSES).fill(0.5);
  const fittedTo = (count: number) => {
    const fitted = fitOn(drawFields(count, 50, (_, id) => (id === 0 ? 0 : id === 1 ? 0.3 : 0.5)));
    expect(Math.min(...fitted.slopes)).toBeGreaterThan(0);
    return calibrateScores(half, fitted);
  };
  const few = fittedTo(4);
  const many = fittedTo(200);
  expect(few[0]).toBeLessThan(0.35);
  expect(many[0]).toBeLessThan(0.05);
  expect(many[0]).toBeGreaterThan(0);
  // One that scores say nothing about gets its frequency.
  expect(Math.abs(many[1] - 0.3)).toBeLessThan(0.03);
});

test('a location with few cells behaves as the others do', () => {
  // Ten cells that all contradict the rest: alone they would turn the location round.
  const random = createRandom(3);
  const scores = Float32Array.from({ length: 10 * CLASSES }, () => random.uniform());
  const targets = scores.map((score, at) => ((at % CLASSES === 4 ? score < 0.5 : score > 0.5) ? 1 : 0));
  const { slopes, offsets } = fitCalibration(scores, targets);
  expect(Math.abs(slopes[4] - slopes[5])).toBeLessThan(0.5);
  expect(Math.abs(offsets[4] - offsets[5])).toBeLessThan(0.5);
  expect(slopes[4]).toBeLessThan(slopes[5]);
});

test('scores turned round keep their order', () => {
  const fitted = fitOn(drawFields(20, 50, (score) => 1 - score));
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
