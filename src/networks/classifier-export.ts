import { exportOnnx, type ModelSpec, type Weights } from '../learn/index.js';
import { type ClassifierMetadata, encodeMetadata } from './metadata.js';

/** Name of the layer that a classifier's description ends with: one number a location, before the sigmoid or softmax. */
export const LOGITS_OUTPUT = 'logits';

/**
 * A classifier's file: the network with its sigmoid or softmax as the output `scores`, and what it says about itself.
 * @throws ModelError as `exportOnnx`
 */
export function exportClassifier(
  model: ModelSpec,
  weights: Weights,
  metadata: ClassifierMetadata,
): Uint8Array {
  const scored: ModelSpec = {
    ...model,
    layers: [
      ...model.layers,
      { type: 'activation', name: 'scores', from: LOGITS_OUTPUT, activation: metadata.activation },
    ],
    outputs: ['scores'],
  };
  return exportOnnx(scored, weights, { metadata: encodeMetadata(metadata) });
}
