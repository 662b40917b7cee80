import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  abs,
  clip,
  erf,
  exp,
  expand,
  flatten,
  gelu,
  leakyRelu,
  log,
  logSoftmax,
  mean,
  negate,
  pad,
  relu,
  reshape,
  sigmoid,
  silu,
  softmax,
  softplus,
  sqrt,
  sum,
  sumOfSquares,
  tanh,
  transpose,
  type Value,
} from '../../src/engine/index.js';
import { type CheckOptions, gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;

const size = (max: number) => fc.integer({ min: 1, max });
const shape = fc.array(size(4), { minLength: 1, maxLength: 4 });

/** Checks an operator of one value on random shapes. */
async function checkUnary(build: (x: Value) => Value, options: CheckOptions = {}) {
  await fc.assert(
    fc.asyncProperty(shape, fc.integer(), async (dims, seed) => {
      expect(await gradientError(runtime, [dims], ([x]) => build(x), { ...options, seed })).toBeLessThan(
        TOLERANCE,
      );
    }),
    { numRuns: 4 },
  );
}

/** Numbers at least 0.1 away from the kink at `at`, where a central difference means nothing. */
const awayFrom =
  (at: number): CheckOptions['fill'] =>
  (_, normal) => {
    const x = normal();
    return at + x + Math.sign(x) * 0.1;
  };

const positive: CheckOptions['fill'] = (_, normal) => 0.5 + Math.abs(normal());

test.each<[string, (x: Value) => Value, CheckOptions?]>([
  ['relu', relu, { fill: awayFrom(0) }],
  ['leakyRelu', (x) => leakyRelu(x, 0.2), { fill: awayFrom(0) }],
  ['sigmoid', sigmoid],
  ['tanh', tanh],
  ['silu', silu],
  ['gelu', gelu],
  ['softplus', softplus],
  ['exp', exp],
  ['log', log, { fill: positive, epsilon: 3e-3 }],
  ['sqrt', sqrt, { fill: positive, epsilon: 3e-3 }],
  ['abs', abs, { fill: awayFrom(0) }],
  ['erf', erf],
  ['negate', negate],
  ['clip', (x) => clip(x, -5, 0.5), { fill: awayFrom(0.5) }],
  ['flatten', (x) => flatten(x)],
  ['softmax', (x) => softmax(x, -1)],
  ['logSoftmax', (x) => logSoftmax(x, 0)],
  ['sum', (x) => sum(x)],
  ['mean', (x) => mean(x, { axes: [-1] })],
  ['sumOfSquares', (x) => sumOfSquares(x, { axes: [0], keepAxes: true })],
  ['sum over no axes', (x) => sum(x, { axes: [] })],
  ['sumOfSquares over no axes', (x) => sumOfSquares(x, { axes: [] })],
  ['reshape', (x) => reshape(x, [-1])],
  ['expand', (x) => expand(x, [3, ...x.shape])],
  ['transpose', (x) => transpose(x, x.shape.map((_, axis) => axis).reverse())],
  ['pad', (x) => pad(x, [{ axis: 0, before: 1, after: 2 }])],
])('gradient of %s agrees with central differences', async (_, build, options) => {
  await checkUnary(build, options);
});
