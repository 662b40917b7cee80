/** Weights as one flat vector and back: the form in which training keeps them. */
import { InputError } from '../common/index.js';
import { reshape, sizeOf, split, type Value } from '../engine/index.js';
import type { WeightInfo, Weights } from './weights.js';

/** Which weights a vector holds, one after the other. */
export interface FlatLayout {
  readonly infos: readonly WeightInfo[];
  readonly size: number;
}

/** The trained weights, those that decay before the others. */
export function trainedFirstDecaying(infos: readonly WeightInfo[]): WeightInfo[] {
  const trained = infos.filter(({ role }) => role === 'trained');
  return [...trained.filter(({ decays }) => decays), ...trained.filter(({ decays }) => !decays)];
}

export function flatLayout(infos: readonly WeightInfo[]): FlatLayout {
  return { infos, size: infos.reduce((total, { shape }) => total + sizeOf(shape), 0) };
}

/** The vector's value cut into the weights' shapes. */
export function cut({ infos }: FlatLayout, vector: Value): Record<string, Value> {
  if (infos.length === 0) return {};
  const pieces = split(
    vector,
    infos.map(({ shape }) => sizeOf(shape)),
    0,
  );
  return Object.fromEntries(infos.map(({ name, shape }, index) => [name, reshape(pieces[index], shape)]));
}

/** @throws InputError `weight-missing` */
export function pack({ infos, size }: FlatLayout, weights: Weights): Float32Array {
  const packed = new Float32Array(size);
  let offset = 0;
  for (const { name, shape } of infos) {
    const weight = weights[name];
    if (!weight || weight.data.length !== sizeOf(shape)) {
      throw new InputError(
        'weight-missing',
        `weights: "${name}" must have shape [${shape}], ${weight ? `has [${weight.shape}]` : 'is missing'}`,
      );
    }
    packed.set(weight.data, offset);
    offset += weight.data.length;
  }
  return packed;
}

export function unpack({ infos }: FlatLayout, packed: Float32Array): Weights {
  let offset = 0;
  return Object.fromEntries(
    infos.map(({ name, shape }) => {
      const start = offset;
      offset += sizeOf(shape);
      return [name, { shape, data: packed.slice(start, offset) }];
    }),
  );
}
