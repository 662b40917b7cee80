import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileGraph,
  createGraph,
  gradients,
  graphInput,
  oneHot,
  sigmoidCrossEntropy,
  softmax,
  softmaxCrossEntropy,
  weightedMean,
} from '../../src/engine/index.js';
import { gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const size = fc.integer({ min: 1, max: 4 });

test('gradients of the cross-entropies and the weighted mean agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, size, async (n, classes, width) => {
      const shape = [n, classes, width];
      const options = { constants: [1, 2], fill: positiveWeights };
      const sigmoid = await gradientError(
        runtime,
        [shape, shape, [n, 1, 1]],
        ([z, t, w]) => weightedMean(sigmoidCrossEntropy(z, t), w).mean,
        options,
      );
      expect(sigmoid).toBeLessThan(TOLERANCE);
      const softmaxError = await gradientError(
        runtime,
        [shape, shape, [n, 1, 1]],
        ([z, t, w]) => weightedMean(softmaxCrossEntropy(z, softmax(t)), w).mean,
        options,
      );
      // With one class the loss is 0 and so is its gradient: nothing to compare.
      if (classes > 1) expect(softmaxError).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 6 },
  );
});

/** Logits normal; targets in [0, 1]; weights positive. */
function positiveWeights(index: number, normal: () => number): number {
  return index === 0 ? normal() : index === 1 ? 1 / (1 + Math.exp(-normal())) : 0.2 + Math.abs(normal());
}

test('sigmoid cross-entropy does not overflow, and entries of weight 0 do not count', async () => {
  const graph = createGraph();
  const z = graphInput(graph, 'z', [4]);
  const t = graphInput(graph, 't', [4]);
  const w = graphInput(graph, 'w', [4]);
  const { mean } = weightedMean(sigmoidCrossEntropy(z, t), w);
  const [slope] = gradients(mean, [z]);
  const program = await compileGraph(runtime, graph, { mean, slope });
  const result = await program.run({
    z: Float32Array.of(1000, -1000, 0, 1000),
    t: Float32Array.of(1, 0, 1, 0),
    w: Float32Array.of(1, 1, 2, 0),
  });
  expect(result.mean[0]).toBeCloseTo((2 * Math.LN2) / 4, 6);
  expect([...result.slope]).toEqual([0, 0, -0.25, 0]);
});

test('a batch whose weights are all 0 has loss 0 and no gradient', async () => {
  const graph = createGraph();
  const z = graphInput(graph, 'z', [2]);
  const t = graphInput(graph, 't', [2]);
  const w = graphInput(graph, 'w', [2]);
  const { mean, weight } = weightedMean(sigmoidCrossEntropy(z, t), w);
  const [slope] = gradients(mean, [z]);
  const program = await compileGraph(runtime, graph, { mean, weight, slope });
  const zeros = new Float32Array(2);
  const result = await program.run({ z: Float32Array.of(3, -3), t: zeros, w: zeros });
  expect([result.mean[0], result.weight[0], ...result.slope]).toEqual([0, 0, 0, 0]);
});

test('oneHot marks classes along axis 1 and leaves ids outside empty', async () => {
  const graph = createGraph();
  const ids = graphInput(graph, 'ids', [2, 2]);
  const program = await compileGraph(runtime, graph, { rows: oneHot(ids, 3) });
  const { rows } = await program.run({ ids: Float32Array.of(0, 2, -1, 7) });
  expect([...rows]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
});
