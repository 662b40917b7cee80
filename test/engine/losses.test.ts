import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileGraph,
  createGraph,
  diceLoss,
  focalCrossEntropy,
  gradients,
  graphInput,
  klDivergence,
  oneHot,
  sigmoid,
  sigmoidCrossEntropy,
  smoothL1,
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

test('gradients of focal, Dice, smooth L1 and divergence agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, async (n, classes) => {
      const shape = [n, classes + 1, 3];
      const options = { constants: [1], fill: positiveWeights };
      const errors = [
        await gradientError(runtime, [shape, shape], ([z, t]) => focalCrossEntropy(z, t, 2, 0.25), options),
        await gradientError(runtime, [shape, shape], ([z, t]) => diceLoss(sigmoid(z), t), options),
        await gradientError(runtime, [shape, shape], ([z, t]) => smoothL1(z, t, 0.7), {
          ...options,
          epsilon: 3e-3,
        }),
        await gradientError(runtime, [shape, shape], ([z, t]) => klDivergence(z, softmax(t)), options),
      ];
      for (const error of errors) expect(error).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 4 },
  );
});

test('Dice loss is 0 for a perfect and for a rightly empty answer, near 1 for a wrong one', async () => {
  const graph = createGraph();
  const p = graphInput(graph, 'p', [3, 1, 100]);
  const t = graphInput(graph, 't', [3, 1, 100]);
  const program = await compileGraph(runtime, graph, { loss: diceLoss(p, t) });
  const half = (from: number) =>
    Float32Array.from({ length: 100 }, (_, i) => (i >= from && i < from + 50 ? 1 : 0));
  const empty = new Float32Array(100);
  const join = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));
  const { loss } = await program.run({
    p: join([half(0), empty, half(50)]),
    t: join([half(0), empty, half(0)]),
  });
  expect(loss[0]).toBeCloseTo(0, 6);
  expect(loss[1]).toBeCloseTo(0, 6);
  expect(loss[2]).toBeCloseTo(1 - 1 / 101, 6);
});

test('focal loss without focus is the cross-entropy', async () => {
  const graph = createGraph();
  const z = graphInput(graph, 'z', [3]);
  const t = graphInput(graph, 't', [3]);
  const program = await compileGraph(runtime, graph, {
    focal: focalCrossEntropy(z, t, 0),
    plain: sigmoidCrossEntropy(z, t),
  });
  const { focal, plain } = await program.run({ z: Float32Array.of(-2, 0, 3), t: Float32Array.of(1, 0, 1) });
  expect([...focal]).toEqual([...plain]);
});
