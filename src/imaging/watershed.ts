import { ShapeError } from '../common/index.js';
import type { FloatPlane, LabelImage } from './plane.js';

/** Steps that the range of costs is cut into for the queue. */
const LEVELS = 4096;

/**
 * Marker-controlled watershed by priority flood (Beucher & Meyer 1993; Soille 2003, section 9.2): the seeds grow,
 * lowest cost first, until every pixel of the mask that a seed can reach within it has a label. Labels are positive. There is no line
 * between labels; each label is connected (8) as far as its seed is.
 *
 * Ties: costs are compared after cutting their range within the mask into 4096 equal steps. Among pixels of one step
 * those reached first go first, so a plateau is shared out by distance from its rims; seed pixels start in raster order.
 * A seed pixel outside the mask keeps its label and does not grow.
 * @param mask width x height, 0 = stays 0 unless a seed lies there; everywhere where it is left out
 * @throws ShapeError `sizes-differ`
 */
export function watershed(cost: FloatPlane, seeds: LabelImage, mask?: Uint8Array): LabelImage {
  const { width, height } = cost;
  const size = width * height;
  if (seeds.width !== width || seeds.height !== height || (mask && mask.length !== size)) {
    throw new ShapeError(
      'sizes-differ',
      `watershed: cost is ${width}x${height}, seeds ${seeds.width}x${seeds.height}, mask ${mask?.length ?? size} pixels; expected one size`,
    );
  }
  // A rim of -1 around the image and outside the mask stops the flood without a test for borders.
  const stride = width + 2;
  const labels = new Int32Array(stride * (height + 2)).fill(-1);
  const levels = costLevels(cost, mask, labels);
  // One first-in-first-out list a level; a pixel stands in one list at most, so `next` holds them all.
  const next = new Int32Array(labels.length);
  const heads = new Int32Array(LEVELS).fill(-1);
  const tails = new Int32Array(LEVELS);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = seeds.data[y * width + x];
      const pixel = (y + 1) * stride + x + 1;
      if (label === 0 || labels[pixel] < 0) continue;
      labels[pixel] = label;
      append(pixel, levels[pixel], heads, tails, next);
    }
  }
  // Edge neighbours before corner neighbours: fronts on a plateau stay rounder.
  const steps = [-stride, -1, 1, stride, -stride - 1, -stride + 1, stride - 1, stride + 1];
  for (let level = 0; level < LEVELS; ) {
    const pixel = heads[level];
    if (pixel < 0) {
      level++;
      continue;
    }
    heads[level] = next[pixel];
    for (let k = 0; k < 8; k++) {
      const neighbour = pixel + steps[k];
      if (labels[neighbour] !== 0) continue;
      labels[neighbour] = labels[pixel];
      append(neighbour, Math.max(level, levels[neighbour]), heads, tails, next);
    }
  }
  const data = seeds.data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[(y + 1) * stride + x + 1];
      if (label > 0) data[y * width + x] = label;
    }
  }
  return { width, height, data };
}

function append(pixel: number, level: number, heads: Int32Array, tails: Int32Array, next: Int32Array): void {
  next[pixel] = -1;
  if (heads[level] < 0) heads[level] = pixel;
  else next[tails[level]] = pixel;
  tails[level] = pixel;
}

/** The level of each pixel of the padded image; sets `labels` to 0 where the flood may go. */
function costLevels(cost: FloatPlane, mask: Uint8Array | undefined, labels: Int32Array): Uint16Array {
  const { width, height, data } = cost;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    if (mask?.[i] === 0) continue;
    if (data[i] < low) low = data[i];
    if (data[i] > high) high = data[i];
  }
  const scale = high > low ? LEVELS / (high - low) : 0;
  const levels = new Uint16Array(labels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (mask?.[i] === 0) continue;
      const pixel = (y + 1) * (width + 2) + x + 1;
      labels[pixel] = 0;
      levels[pixel] = Math.min(LEVELS - 1, (data[i] - low) * scale);
    }
  }
  return levels;
}
