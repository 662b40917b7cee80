/** Builds a model's part of a graph, layer by layer, and lists the weights it needs. */
import { ModelError, ShapeError } from '../common/index.js';
import {
  add,
  averagePool,
  batchNormInference,
  batchNormTraining,
  concat,
  conv2d,
  convTranspose2d,
  createGraph,
  dense,
  dropout,
  flatten,
  type Graph,
  gelu,
  globalAveragePool,
  graphInput,
  groupNorm,
  layerNorm,
  leakyRelu,
  logSoftmax,
  max,
  maxPool,
  mul,
  relu,
  reshape,
  resize,
  roiAlign,
  runningAverage,
  sigmoid,
  silu,
  sizeOf,
  slice,
  softmax,
  tanh,
  type Value,
} from '../engine/index.js';
import { poolBeforeRelu } from './reorder.js';
import type { ActivationName, BatchNormLayer, LayerSpec, ModelSpec, RoiAlignLayer } from './spec.js';
import type { WeightInfo } from './weights.js';

const ACTIVATIONS: Record<ActivationName, (x: Value) => Value> = {
  relu,
  leakyRelu,
  gelu,
  silu,
  sigmoid,
  tanh,
  softmax,
  logSoftmax,
};

export interface NetworkContext {
  readonly graph: Graph;
  readonly mode: 'training' | 'inference';
  /** Gives the value of a weight, e.g. a constant or a slice of the vector of all parameters. */
  weight(info: WeightInfo): Value;
  /** Gives a dropout layer's mask; asked for in training only. */
  dropoutMask(layer: string, shape: readonly number[], rate: number): Value;
}

export interface Network {
  /** Results of all layers and inputs by name. */
  readonly values: Readonly<Record<string, Value>>;
  /** Next running statistics by weight name; empty at inference. */
  readonly statistics: Readonly<Record<string, Value>>;
}

/**
 * Appends a model to a graph.
 * @param inputs values for the model's inputs, batch first
 * @throws ModelError `layer-name`, `layer-input`, `model-output` where the description is not sound
 * @throws ShapeError where shapes do not fit, with the layer's name
 */
export function buildNetwork(
  context: NetworkContext,
  spec: ModelSpec,
  inputs: Readonly<Record<string, Value>>,
): Network {
  const values: Record<string, Value> = { ...inputs };
  const statistics: Record<string, Value> = {};
  let previous = spec.inputs[0]?.name;
  const layers = context.mode === 'training' ? poolBeforeRelu(spec) : spec.layers;
  for (const layer of layers) {
    if (layer.name in values) {
      throw new ModelError(
        'layer-name',
        `model ${spec.name}: two layers or inputs are named "${layer.name}"`,
      );
    }
    const names = typeof layer.from === 'string' ? [layer.from] : (layer.from ?? [previous]);
    const sources = names.map((name) => {
      if (values[name]) return values[name];
      throw new ModelError(
        'layer-input',
        `model ${spec.name}: layer "${layer.name}" reads "${name}", which is no input or layer above it`,
      );
    });
    try {
      values[layer.name] = buildLayer(context, layer, sources, statistics);
    } catch (cause) {
      if (!(cause instanceof ShapeError)) throw cause;
      throw new ShapeError(cause.code, `model ${spec.name}, layer "${layer.name}": ${cause.message}`, {
        cause,
      });
    }
    previous = layer.name;
  }
  for (const name of spec.outputs) {
    if (!values[name])
      throw new ModelError('model-output', `model ${spec.name}: output "${name}" is no layer`);
  }
  return { values, statistics };
}

function buildLayer(
  context: NetworkContext,
  layer: LayerSpec,
  sources: readonly Value[],
  statistics: Record<string, Value>,
): Value {
  const [x] = sources;
  const weight = (
    part: string,
    shape: readonly number[],
    start: WeightInfo['start'],
    decays: boolean,
  ): Value =>
    context.weight({
      name: `${layer.weightsOf ?? layer.name}.${part}`,
      shape,
      start,
      role: layer.frozen ? 'fixed' : 'trained',
      decays,
    });
  switch (layer.type) {
    case 'conv2d': {
      const { filters, kernel, groups = 1, padding = 'same' } = layer;
      const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
      const filterWeights = weight('weight', [filters, x.shape[1] / groups, kh, kw], 'he', true);
      const bias = layer.bias === false ? null : weight('bias', [filters], 'zeros', false);
      return conv2d(x, filterWeights, bias, { ...layer, padding, groups });
    }
    case 'convTranspose2d': {
      const { filters, kernel, padding = 'same' } = layer;
      const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
      const filterWeights = weight('weight', [x.shape[1], filters, kh, kw], 'heTransposed', true);
      const bias = layer.bias === false ? null : weight('bias', [filters], 'zeros', false);
      return convTranspose2d(x, filterWeights, bias, { ...layer, padding });
    }
    case 'resize':
      return resize(x, layer.factor, layer.mode);
    case 'layerNorm':
    case 'groupNorm': {
      const shape = [layer.type === 'layerNorm' ? x.shape[x.shape.length - 1] : x.shape[1]];
      const scale = weight('scale', shape, 'ones', false);
      const shift = weight('shift', shape, 'zeros', false);
      if (layer.type === 'layerNorm') return layerNorm(x, scale, shift, layer.epsilon);
      return groupNorm(x, layer.groups ?? 1, scale, shift, layer.epsilon);
    }
    case 'globalMaxPool':
      return max(x, { axes: [2, 3] });
    case 'dense': {
      const kernel = weight('weight', [layer.units, x.shape[1]], 'glorot', true);
      return dense(
        x,
        kernel,
        layer.bias === false ? undefined : weight('bias', [layer.units], 'zeros', false),
      );
    }
    case 'batchNorm':
      return buildBatchNorm(context, layer, x, weight, statistics);
    case 'activation':
      return ACTIVATIONS[layer.activation](x);
    case 'maxPool':
      return maxPool(x, layer.size, layer);
    case 'averagePool':
      return averagePool(x, layer.size, layer);
    case 'globalAveragePool':
      return globalAveragePool(x);
    case 'flatten':
      return flatten(x);
    case 'dropout':
      if (context.mode === 'inference' || layer.rate === 0) return x;
      return dropout(x, context.dropoutMask(layer.name, x.shape, layer.rate));
    case 'roiAlign':
      return buildRoiAlign(layer, sources);
    case 'concat':
      return concat(sources, layer.axis ?? 1);
    case 'add':
      return sources.reduce(add);
    case 'multiply':
      return sources.reduce(mul);
  }
}

/** Every region is cut out of every level, and its own level chosen: shapes stay fixed, and the cuts are cheap. */
function buildRoiAlign(layer: RoiAlignLayer, sources: readonly Value[]): Value {
  const { size, strides, samples = 2 } = layer;
  const maps = sources.slice(0, strides.length);
  const [regions, images, levels] = sources.slice(strides.length);
  const cuts = maps.map((map, level) => {
    const options = { height: size, width: size, scale: 1 / strides[level], samples };
    const chosen = slice(levels, [{ axis: 1, start: level, end: level + 1 }]);
    return mul(roiAlign(map, regions, images, options), reshape(chosen, [levels.shape[0], 1, 1, 1]));
  });
  return cuts.reduce(add);
}

function buildBatchNorm(
  context: NetworkContext,
  layer: BatchNormLayer,
  x: Value,
  weight: (part: string, shape: readonly number[], start: WeightInfo['start'], decays: boolean) => Value,
  statistics: Record<string, Value>,
): Value {
  const { name, momentum = 0.1, epsilon = 1e-5, frozen = false } = layer;
  const shape = [x.shape[1]];
  const scale = weight('scale', shape, 'ones', false);
  const shift = weight('shift', shape, 'zeros', false);
  const role = frozen ? 'fixed' : 'statistic';
  const mean = context.weight({ name: `${name}.mean`, shape, start: 'zeros', role, decays: false });
  const variance = context.weight({ name: `${name}.variance`, shape, start: 'ones', role, decays: false });
  if (context.mode === 'inference' || frozen) {
    return batchNormInference(x, scale, shift, mean, variance, epsilon);
  }
  const normal = batchNormTraining(x, scale, shift, epsilon);
  const count = sizeOf(x.shape) / x.shape[1];
  // The running variance is the unbiased one, as in PyTorch.
  const unbiased = mul(normal.variance, count / Math.max(1, count - 1));
  statistics[`${name}.mean`] = runningAverage(mean, normal.mean, momentum);
  statistics[`${name}.variance`] = runningAverage(variance, unbiased, momentum);
  return normal.output;
}

/** Inputs of a model as graph inputs, `prefix` before their names. */
export function networkInputs(
  graph: Graph,
  spec: ModelSpec,
  batchSize: number,
  prefix = '',
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    spec.inputs.map(({ name, shape, rows = 1 }) => [
      name,
      graphInput(graph, `${prefix}${name}`, [batchSize * rows, ...shape]),
    ]),
  );
}

/**
 * The weights a model needs, in the order of its layers, shared ones once.
 * @throws ModelError, ShapeError as `buildNetwork`
 */
export function listWeights(spec: ModelSpec): WeightInfo[] {
  const graph = createGraph();
  const infos: WeightInfo[] = [];
  const known = new Map<string, Value>();
  const context: NetworkContext = {
    graph,
    mode: 'inference',
    weight(info) {
      const shared = known.get(info.name);
      if (shared) return shared;
      infos.push(info);
      const value = graphInput(graph, info.name, info.shape);
      known.set(info.name, value);
      return value;
    },
    dropoutMask: (layer, shape) => graphInput(graph, `mask.${layer}`, shape),
  };
  buildNetwork(context, spec, networkInputs(graph, spec, 1, 'input.'));
  return infos;
}
