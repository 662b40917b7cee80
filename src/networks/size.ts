import { createGraph, graphInput, sizeOf } from '../engine/index.js';
import { buildNetwork, listWeights } from '../learn/index.js';
import type { NetworkDescription } from './description.js';

export interface NetworkSize {
  /** Trained weights. */
  readonly parameters: number;
  /** Multiplications and additions of its convolutions and dense layers for one crop, in millions. */
  readonly megaFlop: number;
}

/** How large a network is and how much work a crop costs. */
export function networkSize(network: NetworkDescription, channels: number, classes: number): NetworkSize {
  const model = network.build(channels, classes);
  const graph = createGraph();
  const { values } = buildNetwork(
    {
      graph,
      mode: 'inference',
      weight: ({ name, shape }) => graphInput(graph, name, shape),
      dropoutMask: (layer, shape) => graphInput(graph, `mask.${layer}`, shape),
    },
    model,
    Object.fromEntries(
      model.inputs.map(({ name, shape }) => [name, graphInput(graph, `input.${name}`, [1, ...shape])]),
    ),
  );
  let parameters = 0;
  let flop = 0;
  for (const { name, shape, role } of listWeights(model)) {
    if (role !== 'trained') continue;
    parameters += sizeOf(shape);
    if (!name.endsWith('.weight')) continue;
    // A filter is applied at every position of its layer's result, a dense layer's weights once.
    const positions = sizeOf(values[name.slice(0, -'.weight'.length)].shape.slice(2));
    flop += 2 * sizeOf(shape) * positions;
  }
  return { parameters, megaFlop: flop / 1e6 };
}
