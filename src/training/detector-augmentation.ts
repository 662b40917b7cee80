import type { Random } from '../common/index.js';
import { cropInstance, type DetectorImage, type Instance } from './detector-images.js';
import { CELLS_AUGMENTATION, type SegmenterAugmentation, varyPlane } from './segmenter-augmentation.js';

/** Less than for outlines alone: blur and noise hide where the protein is. Turns are quarter turns, with mirroring. */
export const DETECTOR_AUGMENTATION: Omit<SegmenterAugmentation, 'drop' | 'empty'> = {
  ...CELLS_AUGMENTATION,
  logZoom: 0.2,
  logGain: 0.2,
  logGamma: 0.2,
  blur: 0.1,
  blurPx: 0.8,
  noise: 0.2,
  noiseSd: 0.04,
  haze: 0.15,
};
/** Probability that ER, which composites lack, is dark; so is microtubules' in some of the atlas's pictures. */
const DARK = 0.1;
/** Cells of which less than this share is in the patch are left out: nothing tells what they are. */
const LEAST_SHARE = 0.1;
/** And so are those of fewer pixels. */
const LEAST_PIXELS = 12;

/** A square patch of an image. */
export interface DetectorPatch {
  /** [channels, size, size] in [0, most]. */
  readonly planes: Float32Array;
  readonly instances: readonly Instance[];
}

/** Where a patch's pixel centres lie in the image: (x, y) = origin + column step + row step. */
interface Frame {
  readonly origin: readonly [number, number];
  readonly column: readonly [number, number];
  readonly row: readonly [number, number];
}

/**
 * A patch at a random place of the image, zoomed, mirrored, turned by quarters, its channels varied. Where the image is
 * smaller than the patch, the rest is 0.
 */
export function drawDetectorPatch(
  image: DetectorImage,
  sizePx: number,
  most: number,
  random: Random,
): DetectorPatch {
  const step = Math.exp(random.range(-DETECTOR_AUGMENTATION.logZoom, DETECTOR_AUGMENTATION.logZoom));
  const reach = (step * sizePx) / 2;
  const middle = (length: number) =>
    2 * reach < length ? random.range(reach, length - reach) : random.range(length - reach, reach);
  const turn = random.integer(4);
  const mirror = random.uniform() < 0.5 ? -1 : 1;
  const [cos, sin] = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][turn];
  const column: [number, number] = [cos * step, sin * step];
  const row: [number, number] = [-sin * mirror * step, cos * mirror * step];
  const frame = frameAround(middle(image.width), middle(image.height), column, row, sizePx);
  const patch = cutPatch(image, frame, sizePx, most);
  const area = sizePx * sizePx;
  const channels = image.planes.length;
  for (let c = 0; c < channels; c++) {
    const plane = patch.planes.subarray(c * area, (c + 1) * area);
    const mayBeDark = c === 0 || c === 3;
    if (mayBeDark && random.uniform() < DARK) plane.fill(0);
    else varyPlane(plane, sizePx, most, { ...DETECTOR_AUGMENTATION, drop: [], empty: 0 }, random);
  }
  return patch;
}

function frameAround(
  x: number,
  y: number,
  column: readonly [number, number],
  row: readonly [number, number],
  sizePx: number,
): Frame {
  const half = (sizePx - 1) / 2;
  const origin = [x - 0.5 - half * (column[0] + row[0]), y - 0.5 - half * (column[1] + row[1])] as const;
  return { origin, column, row };
}

/** Planes bilinear, masks by the nearest pixel. */
function cutPatch(image: DetectorImage, frame: Frame, sizePx: number, most: number): DetectorPatch {
  const { width, height, planes } = image;
  const { origin, column, row } = frame;
  const area = sizePx * sizePx;
  const out = new Float32Array(planes.length * area);
  for (let v = 0, at = 0; v < sizePx; v++) {
    for (let u = 0; u < sizePx; u++, at++) {
      const x = origin[0] + u * column[0] + v * row[0];
      const y = origin[1] + u * column[1] + v * row[1];
      if (x <= -0.5 || y <= -0.5 || x >= width - 0.5 || y >= height - 0.5) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const shareX = x - left;
      const shareY = y - top;
      const x0 = Math.max(0, left);
      const x1 = Math.min(width - 1, left + 1);
      const row0 = Math.max(0, top) * width;
      const row1 = Math.min(height - 1, top + 1) * width;
      for (let c = 0; c < planes.length; c++) {
        const plane = planes[c];
        const upper = plane[row0 + x0] + (plane[row0 + x1] - plane[row0 + x0]) * shareX;
        const lower = plane[row1 + x0] + (plane[row1 + x1] - plane[row1 + x0]) * shareX;
        out[c * area + at] = ((upper + (lower - upper) * shareY) * most) / 255;
      }
    }
  }
  const instances = image.instances.flatMap((instance) => cutInstance(instance, frame, sizePx) ?? []);
  return { planes: out, instances };
}

function cutInstance(instance: Instance, frame: Frame, sizePx: number): Instance | null {
  const { origin, column, row } = frame;
  const squared = column[0] ** 2 + column[1] ** 2;
  // The patch's place of each corner of the box: the frame's axes are at right angles and equally long.
  const corners = [0, 1, 2, 3].map((corner) => {
    const dx = instance.x + (corner % 2) * instance.width - 0.5 - origin[0];
    const dy = instance.y + (corner >> 1) * instance.height - 0.5 - origin[1];
    return [(dx * column[0] + dy * column[1]) / squared, (dx * row[0] + dy * row[1]) / squared];
  });
  const range = (axis: number) => {
    const values = corners.map((corner) => corner[axis]);
    return [
      Math.max(0, Math.floor(Math.min(...values))),
      Math.min(sizePx, Math.ceil(Math.max(...values)) + 1),
    ];
  };
  const [left, right] = range(0);
  const [top, bottom] = range(1);
  if (left >= right || top >= bottom) return null;
  const width = right - left;
  const height = bottom - top;
  const mask = new Uint8Array(width * height);
  let count = 0;
  for (let v = top, at = 0; v < bottom; v++) {
    for (let u = left; u < right; u++, at++) {
      const x = Math.round(origin[0] + u * column[0] + v * row[0]) - instance.x;
      const y = Math.round(origin[1] + u * column[1] + v * row[1]) - instance.y;
      if (x < 0 || y < 0 || x >= instance.width || y >= instance.height) continue;
      mask[at] = instance.mask[y * instance.width + x];
      count += mask[at];
    }
  }
  const whole = instance.mask.reduce((sum, value) => sum + value, 0) / squared;
  if (count < LEAST_PIXELS || count < LEAST_SHARE * whole) return null;
  const cropped = cropInstance(mask, width, height, instance.locations)!;
  return { ...cropped, x: cropped.x + left, y: cropped.y + top };
}
