/** What the sides of the engine benchmark are asked to do: one job a process, the same for ours and the peers. */
import type { LayerSpec, ModelSpec } from '../src/learn/index.js';

export interface EngineJob {
  /** `filters`: of each convolution of the classifier, or of each level of the U-Net, the largest image first. */
  readonly network: { readonly kind: 'classifier' | 'unet'; readonly filters: readonly number[] };
  readonly mode: 'training' | 'inference';
  /** Pixels of a side. */
  readonly size: number;
  readonly batch: number;
  readonly threads: number;
}

/** What a side says before its first turn. */
export interface EngineSide {
  readonly version: string;
  /** The fastest way to run the network here, of those that this side tried; empty where there is only one. */
  readonly form: string;
  /** Number of trained weights: equal on all sides, or they do not compute the same. */
  readonly parameters: number;
}

const CHANNELS = 3;
const CLASSES = 19;
const PLANES = 3;

/** The job's network: the peers' files hold the same two in their own words. */
export function modelOf({ network, size }: EngineJob): ModelSpec {
  return {
    name: network.kind,
    inputs: [{ name: 'image', shape: [CHANNELS, size, size] }],
    layers: network.kind === 'unet' ? unet(network.filters) : classifier(network.filters),
    outputs: ['logits'],
  };
}

/** Numbers in one sample of the targets. */
export function targetSize({ network, size }: EngineJob): number {
  return network.kind === 'unet' ? PLANES * size * size : CLASSES;
}

function classifier(filters: readonly number[]): LayerSpec[] {
  return [
    ...filters.flatMap((count, index): LayerSpec[] => [
      ...convNormRelu(`level${index}`, count),
      { name: `level${index}.pool`, type: 'maxPool', size: 2 },
    ]),
    { name: 'mean', type: 'globalAveragePool' },
    { name: 'logits', type: 'dense', units: CLASSES },
  ];
}

/** Two convolutions a level, max pooling down, transposed convolutions up, skip connections (Ronneberger et al. 2015). */
function unet(filters: readonly number[]): LayerSpec[] {
  const double = (name: string, count: number) => [
    ...convNormRelu(`${name}.first`, count),
    ...convNormRelu(`${name}.second`, count),
  ];
  const down = filters.flatMap((count, level): LayerSpec[] => [
    ...(level > 0 ? [{ name: `down${level}.pool`, type: 'maxPool', size: 2 } as const] : []),
    ...double(`down${level}`, count),
  ]);
  const up = filters
    .slice(0, -1)
    .map((count, level) => ({ count, name: `up${level}`, skip: `down${level}.second.relu` }))
    .reverse()
    .flatMap(({ count, name, skip }): LayerSpec[] => [
      { name: `${name}.grown`, type: 'convTranspose2d', filters: count, kernel: 2, stride: 2 },
      { name: `${name}.joined`, type: 'concat', from: [skip, `${name}.grown`] },
      ...double(name, count),
    ]);
  return [...down, ...up, { name: 'logits', type: 'conv2d', filters: PLANES, kernel: 1 }];
}

function convNormRelu(name: string, filters: number): LayerSpec[] {
  return [
    { name: `${name}.conv`, type: 'conv2d', filters, kernel: 3, bias: false },
    { name: `${name}.norm`, type: 'batchNorm' },
    { name: `${name}.relu`, type: 'activation', activation: 'relu' },
  ];
}
