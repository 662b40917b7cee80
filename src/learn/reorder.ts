/** Changes in the order of layers that keep every number and save work in training. */
import { sourcesByLayer } from './fold.js';
import type { LayerSpec, ModelSpec } from './spec.js';

/**
 * max(relu(x)) = relu(max(x)): where a ReLU is read by a max pooling alone, the pooling goes first, so that the ReLU
 * and its gradient run over fewer elements. At inference the ReLU costs nothing, being fused with the convolution.
 */
export function poolBeforeRelu(model: ModelSpec): readonly LayerSpec[] {
  const sources = sourcesByLayer(model);
  const readers = (name: string) => [...sources.values()].flat().filter((source) => source === name).length;
  const layers = model.layers.map((layer) => ({ ...layer, from: sources.get(layer.name)! }));
  layers.forEach((pool, index) => {
    const before = layers.findIndex(({ name }) => name === pool.from[0]);
    const relu = layers[before];
    if (pool.type !== 'maxPool' || relu?.type !== 'activation' || relu.activation !== 'relu') return;
    if (readers(relu.name) !== 1 || model.outputs.includes(relu.name)) return;
    // Each takes the other's name, so that what reads the pooling now reads the ReLU.
    layers[before] = { ...pool, name: relu.name, from: relu.from };
    layers[index] = { ...relu, name: pool.name, from: [relu.name] };
  });
  return layers;
}
