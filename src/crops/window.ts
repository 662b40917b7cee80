import type { Box } from '../imaging/index.js';
import type { CropOptions } from './options.js';

/** The part of a field that fills a crop, in pixels of the field; it may reach beyond the field. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the field that the crop of a cell shows: see `ResizePolicy`. */
export function cropWindow(
  box: Box,
  pixelSizeUm: number,
  options: Pick<CropOptions, 'sizePx' | 'marginUm' | 'resize'>,
): Window {
  const { sizePx, marginUm, resize } = options;
  const marginPx = marginUm / pixelSizeUm;
  let width = box.width + 2 * marginPx;
  let height = box.height + 2 * marginPx;
  if (resize.kind !== 'stretch') {
    const around = Math.max(width, height);
    const fixed = 'pixelUm' in resize ? (sizePx * resize.pixelUm) / pixelSizeUm : 0;
    width = resize.kind === 'crop' ? fixed : Math.max(fixed, around);
    height = width;
  }
  return {
    left: box.x + (box.width - width) / 2,
    top: box.y + (box.height - height) / 2,
    width,
    height,
  };
}

/**
 * For each position of the output, the input positions it is a weighted mean of: `first[i]` on, with weights
 * `weights[offsets[i]]` to `weights[offsets[i + 1] - 1]`. Input beyond [0, limit) counts as 0.
 */
export interface Taps {
  readonly first: Int32Array;
  readonly offsets: Int32Array;
  readonly weights: Float64Array;
}

/** Taps of an axis: the mean of the covered input where it shrinks, linear interpolation where it grows. */
export function windowTaps(start: number, extent: number, count: number, limit: number): Taps {
  const scale = extent / count;
  const first = new Int32Array(count);
  const offsets = new Int32Array(count + 1);
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = start + i * scale;
    const to = from + scale;
    const centre = (from + to) / 2 - 0.5;
    const low = Math.max(0, Math.floor(scale >= 1 ? from : centre));
    const high = Math.min(limit, scale >= 1 ? Math.ceil(to) : Math.floor(centre) + 2);
    first[i] = low;
    for (let k = low; k < high; k++) {
      weights.push(
        scale >= 1
          ? (Math.min(to, k + 1) - Math.max(from, k)) / scale
          : Math.max(0, 1 - Math.abs(k - centre)),
      );
    }
    offsets[i + 1] = weights.length;
  }
  return { first, offsets, weights: Float64Array.from(weights) };
}
