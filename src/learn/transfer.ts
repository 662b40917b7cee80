/** First weights from another model's file, layer by layer, with a report of what matched. */
import { InputError, ModelError } from '../common/index.js';
import { decodeModel, type Shape, sizeOf } from '../engine/index.js';
import type { Weight, Weights } from './weights.js';

/** A weight of another model, in the order of its file. */
export interface FoundWeight extends Weight {
  readonly name: string;
}

export interface WeightMatch {
  /** Our weight. */
  readonly name: string;
  /** The weight it was taken from; null where none matched and the first values stay. */
  readonly source: string | null;
  readonly by: 'mapping' | 'name' | 'order' | null;
}

export interface Transfer {
  readonly weights: Weights;
  readonly matches: readonly WeightMatch[];
  /** Names of found weights that nothing took. */
  readonly unused: readonly string[];
}

/** ONNX's number of the type float32. */
const ONNX_FLOAT = 1;

/**
 * The float32 initializers of an ONNX file, in its order.
 * @throws ModelError `model-unreadable`
 */
export function readOnnxWeights(bytes: Uint8Array): FoundWeight[] {
  const tensors = decodeModel(bytes).graph?.initializer ?? [];
  return tensors
    .filter(({ dataType }) => dataType === ONNX_FLOAT)
    .map(({ name, dims, rawData, floatData }) => {
      const shape = (dims ?? []).map(Number);
      const raw = rawData && rawData.length > 0 ? new Float32Array(new Uint8Array(rawData).buffer) : null;
      const data = raw ?? Float32Array.from(floatData ?? []);
      if (data.length === sizeOf(shape)) return { name: name ?? '', shape, data };
      throw new ModelError(
        'model-unreadable',
        `weight "${name}" of shape [${shape}] holds ${data.length} numbers; data kept outside the file are not read`,
      );
    });
}

/**
 * Keras's layout turned into ours: filters [h, w, in, out] to [out, in, h, w] (of depthwise layers, [h, w, c, m] to
 * [c m, 1, h, w]), dense [in, out] to [out, in]; other shapes stay.
 */
export function fromKeras(found: readonly FoundWeight[]): FoundWeight[] {
  return found.map((weight) => {
    const { name, shape } = weight;
    if (shape.length === 2) return { name, ...permuted(weight, [1, 0]) };
    if (shape.length !== 4) return weight;
    if (!/depthwise/.test(name)) return { name, ...permuted(weight, [3, 2, 0, 1]) };
    const [h, w, channels, multiplier] = shape;
    return { name, shape: [channels * multiplier, 1, h, w], data: permuted(weight, [2, 3, 0, 1]).data };
  });
}

/**
 * Puts found weights in the place of first ones. A weight is taken by the given mapping (our name to theirs), else by
 * the same name and shape, else the next one of the file, in both orders, that has the same shape. What matches
 * nothing keeps its first values.
 * @throws InputError `transfer-mapping` where the mapping names a weight that is missing or has another shape
 */
export function transferWeights(
  first: Weights,
  found: readonly FoundWeight[],
  mapping: Readonly<Record<string, string>> = {},
): Transfer {
  const byName = new Map(found.map((weight) => [weight.name, weight]));
  const taken = new Map<string, { source: FoundWeight; by: 'mapping' | 'name' | 'order' }>();
  for (const [name, theirs] of Object.entries(mapping)) {
    const source = byName.get(theirs);
    if (!source || !first[name] || !sameShape(source.shape, first[name].shape)) {
      throw new InputError(
        'transfer-mapping',
        `weights: "${name}" [${first[name]?.shape ?? 'missing'}] cannot be taken from "${theirs}" [${source?.shape ?? 'missing'}]`,
      );
    }
    taken.set(name, { source, by: 'mapping' });
  }
  for (const [name, { shape }] of Object.entries(first)) {
    const source = byName.get(name);
    if (!taken.has(name) && source && sameShape(source.shape, shape)) taken.set(name, { source, by: 'name' });
  }
  const used = new Set([...taken.values()].map(({ source }) => source));
  let next = 0;
  for (const [name, { shape }] of Object.entries(first)) {
    if (taken.has(name)) continue;
    const index = found.findIndex(
      (weight, i) => i >= next && !used.has(weight) && sameShape(weight.shape, shape),
    );
    if (index < 0) continue;
    taken.set(name, { source: found[index], by: 'order' });
    next = index + 1;
  }

  const weights = Object.entries(first).map(([name, weight]): [string, Weight] => {
    const source = taken.get(name)?.source;
    return [name, source ? { shape: weight.shape, data: source.data.slice() } : weight];
  });
  const sources = new Set([...taken.values()].map(({ source }) => source.name));
  return {
    weights: Object.fromEntries(weights),
    matches: Object.keys(first).map((name) => {
      const match = taken.get(name);
      return { name, source: match?.source.name ?? null, by: match?.by ?? null };
    }),
    unused: found.filter(({ name }) => !sources.has(name)).map(({ name }) => name),
  };
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The same numbers with axes reordered: axis i of the result is axis order[i]. */
function permuted({ shape, data }: Weight, order: readonly number[]): Weight {
  const target = order.map((axis) => shape[axis]);
  const strides = order.map((axis) => sizeOf(shape.slice(axis + 1)));
  const out = new Float32Array(data.length);
  const position = order.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let axis = 0; axis < order.length; axis++) from += position[axis] * strides[axis];
    out[i] = data[from];
    for (let axis = order.length - 1; axis >= 0 && ++position[axis] === target[axis]; axis--)
      position[axis] = 0;
  }
  return { shape: target, data: out };
}
