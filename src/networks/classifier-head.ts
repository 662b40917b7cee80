import { LOCATIONS, ModelError } from '../common/index.js';
import { loadModel, type Runtime, readOnnxMetadata } from '../engine/index.js';
import { exportOnnx, foldModel, type ModelSpec, readOnnxWeights, type Weights } from '../learn/index.js';
import { exportClassifier, LOGITS_OUTPUT } from './classifier-export.js';
import { type ClassifierMetadata, decodeMetadata } from './metadata.js';
import { NETWORKS } from './registry.js';

/** Logits are `weight` (locations x features, row by row) times the features, plus `bias`. */
export interface LastLayer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** A classifier taken apart before its last layer: features of a crop, and what makes logits of them. */
export interface ClassifierHead {
  readonly metadata: ClassifierMetadata;
  /** Numbers of a crop that the last layer reads. */
  readonly features: number;
  readonly layer: LastLayer;
  /** Features of `count` crops, cut with `metadata.crop`, one after the other: count x features. */
  extract(crops: Float32Array, count: number): Promise<Float32Array>;
  /** The classifier's file with another last layer and another account of itself. */
  withLayer(layer: LastLayer, metadata: ClassifierMetadata): Uint8Array;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/**
 * Opens a classifier's file before its last layer.
 * @throws ModelError `head-unsupported` where the network is none that this program builds, or has no dense layer at its
 *   end; `model-*` as `loadClassifier`
 */
export async function openClassifierHead(runtime: Runtime, modelBytes: Uint8Array): Promise<ClassifierHead> {
  const metadata = decodeMetadata(readOnnxMetadata(modelBytes));
  const { channels, sizePx } = metadata.crop;
  const model = modelOf(metadata);
  const weights: Weights = Object.fromEntries(
    readOnnxWeights(modelBytes).map(({ name, shape, data }) => [name, { shape, data }]),
  );
  const weight = weights[`${LOGITS_OUTPUT}.weight`];
  const bias = weights[`${LOGITS_OUTPUT}.bias`];
  const before = beforeLastLayer(model);
  if (weight === undefined || bias === undefined || before === null) {
    throw unsupported(`its network "${metadata.network}" does not end with a dense layer "${LOGITS_OUTPUT}"`);
  }
  const body = await loadModel(runtime, exportOnnx(before, weights));
  const [input] = before.inputs;
  const [output] = before.outputs;
  return {
    metadata,
    features: weight.data.length / LOCATIONS.length,
    layer: { weight: weight.data, bias: bias.data },
    async extract(crops, count) {
      if (count === 0) return new Float32Array(0);
      const shape = [count, channels.length, sizePx, sizePx];
      return (await body.run({ [input.name]: { shape, data: crops } }))[output].data;
    },
    withLayer(layer, account) {
      const changed = {
        ...weights,
        [`${LOGITS_OUTPUT}.weight`]: { shape: weight.shape, data: layer.weight },
        [`${LOGITS_OUTPUT}.bias`]: { shape: bias.shape, data: layer.bias },
      };
      return exportClassifier(model, changed, account);
    },
    release: () => body.release(),
  };
}

/** What the file was exported from. */
function modelOf({ network, crop }: ClassifierMetadata): ModelSpec {
  const description = NETWORKS.get(network);
  if (description === undefined) {
    throw unsupported(`its network "${network}" is none of ${[...NETWORKS.keys()].join(', ')}`);
  }
  return foldModel(description.build(crop.channels.length, LOCATIONS.length)).model;
}

/** The model up to what its last layer reads; dropout, which does nothing outside training, is passed over. */
function beforeLastLayer(model: ModelSpec): ModelSpec | null {
  const last = model.layers.findIndex(({ name, type }) => name === LOGITS_OUTPUT && type === 'dense');
  let end = last - 1;
  while (end >= 0 && model.layers[end].type === 'dropout') end--;
  if (end < 0) return null;
  return { ...model, layers: model.layers.slice(0, end + 1), outputs: [model.layers[end].name] };
}

function unsupported(found: string): ModelError {
  return new ModelError(
    'head-unsupported',
    `the classifier cannot be adapted: ${found}; expected a classifier of "cytolocus train classifier"`,
  );
}
