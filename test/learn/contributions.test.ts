import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { loadModel } from '../../src/engine/index.js';
import { loadRuntime } from '../../src/io/index.js';
import {
  drawWeights,
  exportOnnx,
  listWeights,
  type ModelSpec,
  openContributions,
  type Weights,
} from '../../src/learn/index.js';

const runtime = await loadRuntime({ threads: 1 });
const random = createRandom(3);
const image = Float32Array.from({ length: 2 * 8 * 8 }, () => random.uniform());

const pooled: ModelSpec = {
  name: 'pooled',
  inputs: [{ name: 'crops', shape: [2, 8, 8] }],
  layers: [
    { type: 'conv2d', name: 'first', filters: 4, kernel: 3, bias: false },
    { type: 'batchNorm', name: 'norm' },
    { type: 'activation', name: 'relu', activation: 'relu' },
    { type: 'maxPool', name: 'half', size: 2 },
    { type: 'conv2d', name: 'last', filters: 3, kernel: 3 },
    { type: 'globalAveragePool', name: 'mean' },
    { type: 'maxPool', name: 'peaks', size: 4, from: 'last' },
    { type: 'flatten', name: 'peak' },
    { type: 'concat', name: 'features', from: ['mean', 'peak'] },
    { type: 'dense', name: 'logits', units: 5 },
  ],
  outputs: ['logits'],
};

function open(model: ModelSpec) {
  const weights: Weights = drawWeights(listWeights(model), 5);
  return { weights, bytes: exportOnnx(model, weights) };
}

test('behind pooling and one dense layer, a map and the bias sum to the output', async () => {
  const { weights, bytes } = open(pooled);
  const network = await loadModel(runtime, bytes);
  const { logits } = await network.run({ crops: { shape: [1, 2, 8, 8], data: image } });
  const contributions = await openContributions(runtime, pooled, bytes);
  expect([contributions.width, contributions.height]).toEqual([4, 4]);
  for (const unit of [0, 4]) {
    const map = await contributions.map(image, unit);
    expect(map).toHaveLength(16);
    const total = map.reduce((sum, value) => sum + value, weights['logits.bias'].data[unit]);
    expect(total).toBeCloseTo(logits.data[unit], 4);
  }
  await contributions.release();
  await network.release();
});

test('a file of another network, or a network without planes, is refused', async () => {
  const dense: ModelSpec = {
    name: 'dense',
    inputs: [{ name: 'crops', shape: [4] }],
    layers: [{ type: 'dense', name: 'logits', units: 2 }],
    outputs: ['logits'],
  };
  await expect(openContributions(runtime, pooled, open(dense).bytes)).rejects.toThrow(
    expect.objectContaining({
      code: 'explain-unsupported',
      message: expect.stringContaining('no weight "first.weight"'),
    }),
  );
  await expect(openContributions(runtime, dense, open(dense).bytes)).rejects.toThrow(
    expect.objectContaining({
      code: 'explain-unsupported',
      message: expect.stringContaining('no layer of dense has planes'),
    }),
  );
});
