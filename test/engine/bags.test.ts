import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileGraph,
  createGraph,
  graphInput,
  logMeanExp,
  noisyOr,
  type Value,
} from '../../src/engine/index.js';
import { gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** The pooled logit of one bag of one class. */
async function pooled(pool: (x: Value) => Value, members: number[]): Promise<number> {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, members.length, 1]);
  const program = await compileGraph(runtime, graph, { y: pool(x) });
  const { y } = await program.run({ x: Float32Array.from(members) });
  await program.release();
  return y[0];
}

test('noisy-or is one less the product of the members’ noes', async () => {
  const members = [-1, 0.5, -3];
  const expected = 1 - members.reduce((none, z) => none * (1 - sigmoid(z)), 1);
  expect(sigmoid(await pooled(noisyOr, members))).toBeCloseTo(expected, 5);
  expect(await pooled(noisyOr, [0])).toBeCloseTo(0, 5);
  // Neither end overflows.
  expect(await pooled(noisyOr, [200, -200])).toBeCloseTo(200, 3);
  expect(await pooled(noisyOr, [-200, -200])).toBeLessThan(-13);
});

test('log-mean-exp lies between the mean and the largest, nearer to the largest the sharper it is', async () => {
  const members = [-100, 2, 1];
  const soft = await pooled((x) => logMeanExp(x, 0.001), members);
  const sharp = await pooled((x) => logMeanExp(x, 50), members);
  expect(soft).toBeCloseTo(-97 / 3, -1);
  expect(sharp).toBeCloseTo(2, 1);
  expect(await pooled((x) => logMeanExp(x, 4), [3, 3, 3])).toBeCloseTo(3, 5);
  expect(await pooled((x) => logMeanExp(x, 4), [500, -500])).toBeCloseTo(500 - Math.log(2) / 4, 2);
});

test('gradients of the poolings agree with central differences', async () => {
  const size = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(size, size, size, async (bags, members, classes) => {
      for (const pool of [noisyOr, (x: Value) => logMeanExp(x, 4)]) {
        expect(await gradientError(runtime, [[bags, members, classes]], ([x]) => pool(x))).toBeLessThan(
          TOLERANCE,
        );
      }
    }),
    { numRuns: 6 },
  );
});
