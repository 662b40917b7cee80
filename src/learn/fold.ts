/** Folds batch normalisation into the convolution or dense layer before it, for inference. */
import { ModelError } from '../common/index.js';
import type { BatchNormLayer, LayerSpec, ModelSpec } from './spec.js';
import type { Weight, Weights } from './weights.js';

export interface FoldedModel {
  readonly model: ModelSpec;
  /** For layers that are gone: the layer that now gives their result. */
  readonly renamed: Readonly<Record<string, string>>;
}

export interface Folded extends FoldedModel {
  readonly weights: Weights;
}

/**
 * y = s (conv(x, w) + b - mean) / sqrt(variance + epsilon) + shift is one convolution with w and b scaled per output
 * channel. Done wherever a normalisation is the only reader of a convolution or dense layer that is no output.
 */
export function foldBatchNorms(model: ModelSpec, weights: Weights): Folded {
  const folded = foldModel(model);
  const changed: Record<string, Weight> = { ...weights };
  for (const layer of model.layers) {
    const source = folded.renamed[layer.name];
    if (layer.type === 'batchNorm' && source !== undefined) foldInto(changed, source, layer);
  }
  return { ...folded, weights: changed };
}

/** What a network consists of once `foldBatchNorms` is done with it: the network that an exported file holds. */
export function foldModel(model: ModelSpec): FoldedModel {
  const layers: LayerSpec[] = [];
  const renamed: Record<string, string> = {};
  const sources = sourcesByLayer(model);
  const readers = (name: string) => [...sources.values()].flat().filter((source) => source === name).length;

  for (const layer of model.layers) {
    const from = sources.get(layer.name)!;
    const before = layers.findIndex(({ name }) => name === from[0]);
    const source = layers[before];
    const folds =
      layer.type === 'batchNorm' &&
      (source?.type === 'conv2d' || source?.type === 'dense') &&
      readers(source.name) === 1 &&
      !model.outputs.includes(source.name);
    if (folds) {
      layers[before] = { ...source, bias: true };
      renamed[layer.name] = source.name;
    } else layers.push({ ...layer, from: from.map((name) => renamed[name] ?? name) });
  }
  const outputs = model.outputs.map((name) => renamed[name] ?? name);
  return { model: { ...model, layers, outputs }, renamed };
}

/** What each layer reads, with the layer above filled in. */
export function sourcesByLayer(model: ModelSpec): Map<string, readonly string[]> {
  let previous = model.inputs[0].name;
  return new Map(
    model.layers.map(({ name, from }) => {
      const sources = typeof from === 'string' ? [from] : (from ?? [previous]);
      previous = name;
      return [name, sources];
    }),
  );
}

function foldInto(weights: Record<string, Weight>, source: string, norm: BatchNormLayer): void {
  const part = (name: string): Weight => {
    if (weights[name]) return weights[name];
    throw new ModelError('weight-missing', `export: the weight "${name}" is missing`);
  };
  const { shape, data } = part(`${source}.weight`);
  const [scale, shift, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map((name) =>
    part(`${norm.name}.${name}`),
  );
  const bias = weights[`${source}.bias`];
  const [units] = shape;
  const perUnit = data.length / units;
  const foldedData = new Float32Array(data.length);
  const foldedBias = new Float32Array(units);
  for (let unit = 0; unit < units; unit++) {
    const factor = scale.data[unit] / Math.sqrt(variance.data[unit] + (norm.epsilon ?? 1e-5));
    for (let i = unit * perUnit; i < (unit + 1) * perUnit; i++) foldedData[i] = data[i] * factor;
    foldedBias[unit] = ((bias?.data[unit] ?? 0) - mean.data[unit]) * factor + shift.data[unit];
  }
  weights[`${source}.weight`] = { shape, data: foldedData };
  weights[`${source}.bias`] = { shape: [units], data: foldedBias };
}
