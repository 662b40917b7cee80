import type { Random } from '../common/index.js';
import { gaussianBlur } from '../imaging/index.js';
import { MAP_NAMES } from '../networks/index.js';
import type { SegmenterImage } from './segmenter-images.js';

/** How patches are varied in training. Probabilities are per patch and channel. */
export interface SegmenterAugmentation {
  /** Largest change of size, as the natural logarithm of the factor. */
  readonly logZoom: number;
  /** Largest change of intensity, as the natural logarithm of the factor. */
  readonly logGain: number;
  /** Largest change of the exponent, as its natural logarithm. */
  readonly logGamma: number;
  /** Probability of a blur, and its largest standard deviation. */
  readonly blur: number;
  readonly blurPx: number;
  /** Probability of added noise, and its largest standard deviation. */
  readonly noise: number;
  readonly noiseSd: number;
  /** Probability of a haze that rises across the patch, and its largest height. */
  readonly haze: number;
  readonly hazeHeight: number;
  /** Probability that a channel is missing, in the order of the network's channels. */
  readonly drop: readonly number[];
  /** Probability that a patch is nothing but noise: what a field without any stain looks like. */
  readonly empty: number;
}

/** The Data Science Bowl's nuclei differ from the atlas's in brightness, sharpness, noise and size: so they are varied widely. */
export const NUCLEI_AUGMENTATION: SegmenterAugmentation = {
  logZoom: 0.5,
  logGain: 0.25,
  logGamma: 0.35,
  blur: 0.2,
  blurPx: 1.2,
  noise: 0.3,
  noiseSd: 0.06,
  haze: 0.25,
  hazeHeight: 0.25,
  drop: [0],
  empty: 0.02,
};

/** Microtubules are dark in some of the atlas's pictures, and its composites have no ER: both are left out often. */
export const CELLS_AUGMENTATION: SegmenterAugmentation = {
  ...NUCLEI_AUGMENTATION,
  logZoom: 0.3,
  blur: 0.3,
  blurPx: 1.5,
  noise: 0.4,
  noiseSd: 0.08,
  drop: [0.12, 0.25, 0.02],
  empty: 0.01,
};

/** A patch, flat: planes [channels, size, size], targets and entry weights [3, size, size]. */
export interface Patch {
  readonly planes: Float32Array;
  readonly targets: Float32Array;
  readonly entryWeights: Float32Array;
}

/** Where a patch's pixels lie in the image: (x, y) = origin + column step + row step. */
interface Frame {
  readonly originX: number;
  readonly originY: number;
  readonly columnX: number;
  readonly columnY: number;
  readonly rowX: number;
  readonly rowY: number;
}

/** Writes a patch cut out of the image at a random place, turned, zoomed and varied in its brightness. */
export function drawPatch(
  image: SegmenterImage,
  sizePx: number,
  most: number,
  augmentation: SegmenterAugmentation,
  random: Random,
  patch: Patch,
): void {
  const { logZoom, drop, empty } = augmentation;
  const angle = random.range(0, 2 * Math.PI);
  const step = Math.exp(random.range(-logZoom, logZoom));
  const flip = random.uniform() < 0.5 ? -1 : 1;
  const cos = Math.cos(angle) * step;
  const sin = Math.sin(angle) * step;
  const reach = (step * sizePx) / 2;
  const centre = (length: number) => (2 * reach < length ? random.range(reach, length - reach) : length / 2);
  const frame = frameAround(centre(image.width), centre(image.height), sizePx, [
    cos,
    sin,
    -sin * flip,
    cos * flip,
  ]);
  cutPatch(image, frame, sizePx, most, patch);
  const area = sizePx * sizePx;
  // One channel at least stays: nothing can be learned from none.
  const spared = random.integer(drop.length);
  drop.forEach((probability, c) => {
    const plane = patch.planes.subarray(c * area, (c + 1) * area);
    if (c !== spared && random.uniform() < probability) plane.fill(0);
    else varyPlane(plane, sizePx, most, augmentation, random);
  });
  if (random.uniform() < empty) {
    const level = random.range(0, 0.5);
    const sd = random.range(0.02, 0.3);
    for (let i = 0; i < patch.planes.length; i++)
      patch.planes[i] = Math.min(most, Math.max(0, random.normal(level, sd)));
    patch.targets.fill(0);
    patch.entryWeights.fill(1);
  }
}

/** Writes the patch in the image's middle as it is. */
export function plainPatch(image: SegmenterImage, sizePx: number, most: number, patch: Patch): void {
  cutPatch(image, frameAround(image.width / 2, image.height / 2, sizePx, [1, 0, 0, 1]), sizePx, most, patch);
}

function frameAround(
  x: number,
  y: number,
  sizePx: number,
  [columnX, columnY, rowX, rowY]: readonly [number, number, number, number],
): Frame {
  const half = (sizePx - 1) / 2;
  return {
    originX: x - 0.5 - half * (columnX + rowX),
    originY: y - 0.5 - half * (columnY + rowY),
    columnX,
    columnY,
    rowX,
    rowY,
  };
}

/** Bilinear; outside the image planes are mirrored and nothing is asked of the network. */
function cutPatch(image: SegmenterImage, frame: Frame, sizePx: number, most: number, patch: Patch): void {
  const { width, height, planes, targets } = image;
  const area = sizePx * sizePx;
  const maps = MAP_NAMES.map((name) => targets[name]);
  for (let row = 0; row < sizePx; row++) {
    for (let column = 0; column < sizePx; column++) {
      const at = row * sizePx + column;
      const x = frame.originX + column * frame.columnX + row * frame.rowX;
      const y = frame.originY + column * frame.columnY + row * frame.rowY;
      const within = x > -0.5 && y > -0.5 && x < width - 0.5 && y < height - 0.5;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const shareX = x - left;
      const shareY = y - top;
      const x0 = mirrored(left, width);
      const x1 = mirrored(left + 1, width);
      const row0 = mirrored(top, height) * width;
      const row1 = mirrored(top + 1, height) * width;
      const sample = (plane: Uint8Array) => {
        const upper = plane[row0 + x0] + (plane[row0 + x1] - plane[row0 + x0]) * shareX;
        const lower = plane[row1 + x0] + (plane[row1 + x1] - plane[row1 + x0]) * shareX;
        return upper + (lower - upper) * shareY;
      };
      for (let c = 0; c < planes.length; c++) patch.planes[c * area + at] = (sample(planes[c]) * most) / 255;
      for (let m = 0; m < maps.length; m++) {
        patch.targets[m * area + at] = within ? sample(maps[m]) / 255 : 0;
        patch.entryWeights[m * area + at] = within ? 1 : 0;
      }
    }
  }
}

function mirrored(i: number, n: number): number {
  const period = 2 * n;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - 1 - folded;
}

/** Varies a plane's brightness and sharpness in place, within [0, most]. */
export function varyPlane(
  plane: Float32Array,
  sizePx: number,
  most: number,
  augmentation: SegmenterAugmentation,
  random: Random,
): void {
  const { logGain, logGamma, blur, blurPx, noise, noiseSd, haze, hazeHeight } = augmentation;
  if (random.uniform() < blur) {
    const source = { width: sizePx, height: sizePx, bitDepth: 32 as const, data: plane };
    plane.set(gaussianBlur(source, random.range(0.3, blurPx)).data);
  }
  const gain = Math.exp(random.range(-logGain, logGain));
  const gamma = Math.exp(random.range(-logGamma, logGamma));
  const sd = random.uniform() < noise ? random.range(0, noiseSd) : 0;
  const height = random.uniform() < haze ? random.range(0, hazeHeight) : 0;
  const angle = random.range(0, 2 * Math.PI);
  const acrossX = Math.cos(angle) / sizePx;
  const acrossY = Math.sin(angle) / sizePx;
  for (let y = 0, i = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++, i++) {
      let value = gain * plane[i] ** gamma;
      if (height > 0) value += height * (0.5 + acrossX * (x - sizePx / 2) + acrossY * (y - sizePx / 2));
      if (sd > 0) value += random.normal(0, sd);
      plane[i] = Math.min(most, Math.max(0, value));
    }
  }
}
