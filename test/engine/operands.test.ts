import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  concat,
  dense,
  divide,
  greater,
  matmul,
  max,
  maximum,
  min,
  minimum,
  mul,
  pow,
  slice,
  split,
  stopGradient,
  sub,
  transposedMatmul,
  type Value,
  where,
} from '../../src/engine/index.js';
import { type CheckOptions, gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const size = fc.integer({ min: 1, max: 4 });
const runs = { numRuns: 4 };

/** Positive numbers around 1: safe to divide by and to raise to powers. */
const positive: CheckOptions['fill'] = (_, normal) => 0.5 + Math.abs(normal());
/** Distinct numbers, 0.3 apart: no two change order within a central difference. */
const distinct: CheckOptions['fill'] = (index, _, position) =>
  ((position * 7 + index * 3.5) % 23) * 0.3 - 2.9;

test.each<[string, (a: Value, b: Value) => Value, CheckOptions?]>([
  ['add', add],
  ['sub', sub],
  ['mul', mul],
  ['divide', divide, { fill: positive, epsilon: 3e-3 }],
  ['pow', pow, { fill: positive, epsilon: 3e-3 }],
  ['maximum', maximum, { fill: distinct }],
  ['minimum', minimum, { fill: distinct }],
  ['where', (a, b) => where(greater(stopGradient(a), 0), a, b), { fill: distinct }],
])('gradients of %s with broadcasting agree with central differences', async (_, build, options) => {
  const dims = fc.record({
    full: fc.tuple(size, size, size),
    keep: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    drop: fc.integer({ min: 0, max: 2 }),
    swap: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(dims, fc.integer(), async ({ full, keep, drop, swap }, seed) => {
      const narrow = full.map((n, axis) => (keep[axis] ? n : 1)).slice(drop);
      const shapes = swap ? [narrow, full] : [full, narrow];
      const error = await gradientError(runtime, shapes, ([a, b]) => build(a, b), { ...options, seed });
      expect(error).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});

test('gradients of dense agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, size, fc.boolean(), async (n, features, units, hasBias) => {
      const shapes = [[n, features], [units, features], ...(hasBias ? [[units]] : [])];
      const error = await gradientError(runtime, shapes, ([x, w, b]) => dense(x, w, b), { epsilon: 0.1 });
      expect(error).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});

test('gradients of matrix products agree with central differences, transposed and broadcast or not', async () => {
  const dims = fc.record({
    m: size,
    k: size,
    n: size,
    batch: size,
    transA: fc.boolean(),
    transB: fc.boolean(),
    shared: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(dims, async ({ m, k, n, batch, transA, transB, shared }) => {
      const a = transA ? [batch, k, m] : [batch, m, k];
      const b = transB ? [n, k] : [k, n];
      const build = ([x, y]: Value[]) =>
        transA || transB ? transposedMatmul(x, y, transA, transB) : matmul(x, y);
      const error = await gradientError(runtime, [a, shared ? b : [batch, ...b]], build, { epsilon: 0.1 });
      expect(error).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 12 },
  );
});

test('gradients of concat and split agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, fc.array(size, { minLength: 2, maxLength: 3 }), async (n, m, widths) => {
      const joined = await gradientError(
        runtime,
        widths.map((w) => [n, w, m]),
        (parts) => concat(parts, 1),
      );
      expect(joined).toBeLessThan(TOLERANCE);
      const total = widths.reduce((a, b) => a + b);
      const cut = await gradientError(runtime, [[n, total]], ([x]) => {
        const [first, second] = split(x, widths, 1);
        return concat([mul(second, second), first], 1);
      });
      expect(cut).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});

test('gradient of slice with steps agrees with central differences', async () => {
  const range = fc.record({
    size: fc.integer({ min: 1, max: 7 }),
    start: fc.nat(6),
    length: fc.nat(6),
    step: size,
  });
  await fc.assert(
    fc.asyncProperty(range, range, async (a, b) => {
      const shape = [2, a.size, b.size];
      const ranges = [a, b].map(({ size: full, start, length, step }, index) => {
        const first = start % full;
        return { axis: index + 1, start: first, end: Math.min(full, first + 1 + length), step };
      });
      expect(await gradientError(runtime, [shape], ([x]) => slice(x, ranges))).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 10 },
  );
});

test.each([
  ['max', max],
  ['min', min],
])('gradient of %s along axes agrees with central differences', async (_, reduce) => {
  await fc.assert(
    fc.asyncProperty(size, size, fc.boolean(), async (n, m, keepAxes) => {
      const build = ([x]: Value[]) => reduce(x, { axes: [-1], keepAxes });
      expect(await gradientError(runtime, [[n, m]], build, { fill: distinct })).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});
