import { expect, test } from 'vitest';
import { type ScheduleSpec, scheduleFactor } from '../../src/learn/index.js';

/** Factors of every step of 4 epochs of 5 steps. */
function factors(spec: ScheduleSpec, monitored: number[] = []): number[] {
  return Array.from({ length: 20 }, (_, step) =>
    scheduleFactor(spec, { step, stepsPerEpoch: 5, epochs: 4, monitored }),
  );
}

test('constant and step schedules', () => {
  expect(new Set(factors({ type: 'constant' }))).toEqual(new Set([1]));
  const step = factors({ type: 'step', epochs: 2, factor: 0.1 });
  expect(step.slice(0, 10)).toEqual(Array(10).fill(1));
  expect(step.slice(10)).toEqual(Array(10).fill(0.1));
});

test('cosine rises over the warm-up and falls to its floor', () => {
  const cosine = factors({ type: 'cosine', warmupEpochs: 1, floor: 0.1 });
  expect(cosine.slice(0, 5).map((f) => Math.round(f * 600) / 100)).toEqual([1, 2, 3, 4, 5]);
  expect(cosine[5]).toBe(1);
  for (let i = 6; i < 20; i++) expect(cosine[i]).toBeLessThan(cosine[i - 1]);
  expect(cosine[19]).toBeGreaterThan(0.1);
  expect(cosine[19]).toBeLessThan(0.12);
});

test('one cycle starts low, peaks at its rise and ends near zero', () => {
  const cycle = factors({ type: 'oneCycle', rise: 0.3 });
  expect(cycle[0]).toBeCloseTo(1 / 25, 10);
  expect(cycle.indexOf(Math.max(...cycle))).toBe(5);
  expect(cycle[5]).toBeCloseTo(1, 10);
  expect(cycle[19]).toBeCloseTo(1e-4 / 25, 10);
});

test('plateau lowers the rate each time patience runs out, not below its floor', () => {
  const spec: ScheduleSpec = { type: 'plateau', factor: 0.5, patience: 1, floor: 0.2 };
  const after = (monitored: number[]) => factors(spec, monitored)[0];
  expect(after([3, 2, 1])).toBe(1);
  expect(after([3, 2, 2])).toBe(1);
  expect(after([3, 2, 2, 2])).toBe(0.5);
  expect(after([3, 2, 2, 2, 1, 4, 4])).toBe(0.25);
  expect(after([3, 3, 3, 3, 3, 3, 3, 3, 3, 3])).toBe(0.2);
});
