import type { LayerSpec, ModelSpec } from '../learn/index.js';
import { MAP_NAMES } from './segmenter-metadata.js';

/** A U-Net's size. Level k works at 1 / (stem stride 2^k) of the input's size. */
export interface UnetOptions {
  readonly name: string;
  /** Filters of each level, the finest first. */
  readonly filters: readonly number[];
  /** 2 halves the size before the first level, and the maps are enlarged again at the end; 1 does not. */
  readonly stemStride: 1 | 2;
}

/** Names of a segmenter's input and output in its description. */
export const PLANES_INPUT = 'planes';
export const MAPS_OUTPUT = 'maps';

/**
 * A U-Net (Ronneberger, Fischer & Brox 2015), made light for two cores: down by max-pooling with two convolutions a level,
 * up by doubling pixels with one; what comes from below is *added* to the level's own result instead of standing beside
 * it, which halves the widest convolutions. The output holds logits of the maps.
 */
export function buildUnet(
  { name, filters, stemStride }: UnetOptions,
  channels: number,
  patchPx: number,
): ModelSpec {
  const deepest = filters.length - 1;
  const layers: LayerSpec[] = [...convolution('stem', filters[0], stemStride === 2 ? 5 : 3, stemStride)];
  for (let level = 0; level <= deepest; level++) {
    if (level > 0) {
      layers.push({ type: 'maxPool', name: `pool_${level}`, size: 2 });
      layers.push(...convolution(`down_${level}_1`, filters[level]));
    }
    layers.push(...convolution(`down_${level}`, filters[level]));
  }
  for (let level = deepest - 1; level >= 0; level--) {
    layers.push(
      { type: 'conv2d', name: `lift_${level}`, filters: filters[level], kernel: 1 },
      { type: 'resize', name: `double_${level}`, factor: 2, mode: 'nearest' },
      { type: 'add', name: `joined_${level}`, from: [`double_${level}`, `down_${level}_relu`] },
      ...convolution(`up_${level}`, filters[level]),
    );
  }
  layers.push({
    type: 'conv2d',
    name: stemStride === 1 ? MAPS_OUTPUT : 'coarse_maps',
    filters: MAP_NAMES.length,
    kernel: 1,
  });
  if (stemStride === 2) layers.push({ type: 'resize', name: MAPS_OUTPUT, factor: 2, mode: 'bilinear' });
  return {
    name,
    inputs: [{ name: PLANES_INPUT, shape: [channels, patchPx, patchPx] }],
    layers,
    outputs: [MAPS_OUTPUT],
  };
}

/** Sizes of the input must be multiples of this, or the levels do not fit together. */
export function unetMultiplePx({ filters, stemStride }: UnetOptions): number {
  return stemStride * 2 ** (filters.length - 1);
}

/**
 * How far an output pixel sees, rounded up to a multiple of `unetMultiplePx`: kernels of 3 reach one pixel of their level,
 * pooling and doubling one more, the stem 2 input pixels, the last enlargement one coarse pixel.
 */
export function unetHaloPx(options: UnetOptions): number {
  const { filters, stemStride } = options;
  let reachPx = 2 + (stemStride === 2 ? 2 : 0);
  filters.forEach((_, level) => {
    const pixel = stemStride * 2 ** level;
    const convolutions = (level === 0 ? 1 : 2) + (level < filters.length - 1 ? 1 : 0);
    reachPx += pixel * convolutions + (level < filters.length - 1 ? 2 * pixel : 0);
  });
  const multiple = unetMultiplePx(options);
  return Math.ceil(reachPx / multiple) * multiple;
}

/** Convolution, batch normalisation, ReLU; the result is named `NAME_relu`. */
function convolution(name: string, filters: number, kernel = 3, stride = 1): LayerSpec[] {
  return [
    { type: 'conv2d', name, filters, kernel, stride, bias: false },
    { type: 'batchNorm', name: `${name}_norm` },
    { type: 'activation', name: `${name}_relu`, activation: 'relu' },
  ];
}
