import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batchNormInference,
  batchNormTraining,
  compileGraph,
  createGraph,
  graphInput,
  groupNorm,
  layerNorm,
} from '../../src/engine/index.js';
import { type CheckOptions, gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const size = (min: number, max: number) => fc.integer({ min, max });
const runs = { numRuns: 6 };
/** Enough spread in what is normalised, so that 1 / deviation is smooth within a central difference. */
const spread: CheckOptions['fill'] = (index, normal, position) =>
  index === 0 ? ((position * 7) % 11) * 0.4 + 0.3 * normal() : 1 + 0.3 * normal();

test('gradients of batchNormTraining agree with central differences', async () => {
  const dims = fc.record({ n: size(2, 4), channels: size(1, 3), height: size(2, 3), width: size(1, 3) });
  await fc.assert(
    fc.asyncProperty(dims, fc.boolean(), async ({ n, channels, height, width }, flat) => {
      const x = flat ? [n + 2, channels] : [n, channels, height, width];
      const error = await gradientError(
        runtime,
        [x, [channels], [channels]],
        ([value, scale, shift]) => batchNormTraining(value, scale, shift, 1e-3).output,
        { fill: spread },
      );
      expect(error).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});

test('gradients of batchNormInference agree with central differences', async () => {
  const error = await gradientError(
    runtime,
    [[2, 3, 2, 2], [3], [3], [3], [3]],
    ([x, scale, shift, mean, variance]) => batchNormInference(x, scale, shift, mean, variance, 1e-3),
    { constants: [3, 4], fill: (_, normal) => 1 + 0.2 * normal(), epsilon: 0.05 },
  );
  expect(error).toBeLessThan(TOLERANCE);
});

test('gradients of layerNorm and groupNorm agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(size(1, 3), size(4, 6), size(1, 2), size(1, 2), async (n, width, groups, perGroup) => {
      const layer = await gradientError(
        runtime,
        [[n, 2, width], [width], [width]],
        ([x, scale, shift]) => layerNorm(x, scale, shift, 1e-2),
        { fill: spread },
      );
      expect(layer).toBeLessThan(TOLERANCE);
      const channels = groups * perGroup;
      const group = await gradientError(
        runtime,
        [[n, channels, 2, width], [channels], [channels]],
        ([x, scale, shift]) => groupNorm(x, groups, scale, shift, 1e-2),
        { fill: spread },
      );
      expect(group).toBeLessThan(TOLERANCE);
    }),
    runs,
  );
});

test('batchNormTraining normalises each channel and gives its statistics', async () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [2, 2, 1, 2]);
  const scale = graphInput(graph, 'scale', [2]);
  const shift = graphInput(graph, 'shift', [2]);
  const { output, mean, variance } = batchNormTraining(x, scale, shift, 0);
  const program = await compileGraph(runtime, graph, { output, mean, variance });
  const result = await program.run({
    x: Float32Array.of(1, 3, 10, 10, 1, 3, 30, 30),
    scale: Float32Array.of(1, 2),
    shift: Float32Array.of(0, 5),
  });
  expect([...result.mean]).toEqual([2, 20]);
  expect([...result.variance]).toEqual([1, 100]);
  expect([...result.output]).toEqual([-1, 1, 3, 3, -1, 1, 7, 7]);
});

test('channels and groups that do not fit are refused', () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 6, 2, 2]);
  const vector = graphInput(graph, 'v', [4]);
  const fitting = graphInput(graph, 'f', [6]);
  expect(() => batchNormTraining(x, vector, fitting, 1e-5)).toThrow(
    'batchNorm: scale must have shape [6], got [4]',
  );
  expect(() => groupNorm(x, 4, fitting, fitting)).toThrow('groupNorm: 6 channels do not fall into 4 groups');
});
