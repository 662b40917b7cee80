import { createRandom } from '../../src/common/index.js';
import type { Batch, BatchSource, ModelSpec } from '../../src/learn/index.js';

/** A small network that has what a large one has: convolution, normalisation, pooling, dropout, dense. */
export const MODEL: ModelSpec = {
  name: 'stripes',
  inputs: [{ name: 'image', shape: [1, 12, 12] }],
  layers: [
    { name: 'conv1', type: 'conv2d', filters: 4, kernel: 3, bias: false },
    { name: 'norm1', type: 'batchNorm' },
    { name: 'relu1', type: 'activation', activation: 'relu' },
    { name: 'pool1', type: 'maxPool', size: 2 },
    { name: 'conv2', type: 'conv2d', filters: 8, kernel: 3 },
    { name: 'relu2', type: 'activation', activation: 'relu' },
    { name: 'mean', type: 'globalAveragePool' },
    { name: 'drop', type: 'dropout', rate: 0.25 },
    { name: 'logits', type: 'dense', units: 2 },
  ],
  outputs: ['logits'],
};

/** Images with horizontal stripes, vertical ones, both or none: which, the two targets say. */
export function stripes(count: number, seed: number): Batch {
  const random = createRandom(seed);
  const image = new Float32Array(count * 144);
  const logits = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    const [down, across] = [random.integer(2), random.integer(2)];
    logits.set([down, across], 2 * i);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 12; x++) {
        image[i * 144 + y * 12 + x] = 0.3 * random.normal() + down * (x % 2) + across * (y % 2);
      }
    }
  }
  return { count, inputs: { image }, targets: { logits } };
}

export function stripeSource(steps: number, count: number, seed: number): BatchSource {
  return {
    steps,
    *read(epoch) {
      for (let step = 0; step < steps; step++) yield stripes(count, seed + 1000 * epoch + step);
    },
  };
}
