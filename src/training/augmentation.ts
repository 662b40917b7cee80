import { createRandom, NEGATIVE, type Random } from '../common/index.js';
import type { Channel } from '../imaging/index.js';

/** How crops are varied in training. Probabilities are per crop. */
export interface Augmentation {
  /** Flips and quarter turns, all eight alike often. */
  readonly turns: boolean;
  /** Probability of a free rotation with zoom and shift, by linear interpolation. */
  readonly freeTurn: number;
  /** Largest change of size in a free turn, as the natural logarithm of the factor. */
  readonly logZoom: number;
  /** Largest shift along each axis in a free turn. */
  readonly shiftPx: number;
  /** Largest change of a channel's intensity, as the natural logarithm of the factor. */
  readonly logGain: number;
  /** Largest change of a channel's gamma, as the natural logarithm of the exponent: haze against peaks. */
  readonly logGamma: number;
  /** Probability that the crop is blurred, all channels alike: another microscope, or another height. */
  readonly blur: number;
  /** Largest standard deviation of that blur. */
  readonly blurPx: number;
  /** Largest standard deviation of added noise, drawn for each channel, as a share of full scale. */
  readonly noise: number;
  /** Probability that a channel is dark, by channel: what a field without it gives. */
  readonly drop: Readonly<Partial<Record<Channel, number>>>;
  /** Probability that the protein is dimmed away and the cell's label becomes `Negative`. */
  readonly toNegative: number;
}

/**
 * Sizes vary by a fifth because outlines and pixel sizes are never exact. Gain, gamma, blur and noise vary because
 * microscopes do, and because what is learned on simulated fields must hold on real ones. The ER is missing in the atlas's composites,
 * and microtubules are dark in some. Cells dimmed to Negative helped in the 2021 competition.
 */
export const DEFAULT_AUGMENTATION: Augmentation = {
  turns: true,
  freeTurn: 0.5,
  logZoom: 0.2,
  shiftPx: 6,
  logGain: 0.25,
  logGamma: 0.2,
  blur: 0.25,
  blurPx: 1,
  noise: 0.03,
  drop: { er: 0.15, microtubules: 0.08 },
  toNegative: 0.02,
};

/** A dimmed protein keeps at most this share of its shown intensity. */
const DIMMED_TO = 0.2;

/**
 * Writes a varied crop as floats in [0, 1]; what turns in from outside is 0.
 *
 * @param source channels x size x size bytes
 * @param target as many floats, overwritten
 * @param labels one number a location; changed where the crop becomes Negative
 * @returns whether it became Negative
 */
export function augmentCrop(
  source: Uint8Array,
  target: Float32Array,
  labels: Float32Array,
  channels: readonly Channel[],
  sizePx: number,
  augmentation: Augmentation,
  random: Random,
): boolean {
  const turn = augmentation.turns ? random.integer(8) : 0;
  const free = random.uniform() < augmentation.freeTurn ? drawFreeTurn(augmentation, random) : null;
  const negative = random.uniform() < augmentation.toNegative;
  if (negative) {
    labels.fill(0);
    labels[NEGATIVE] = 1;
  }
  const blurPx = random.uniform() < augmentation.blur ? random.range(0, augmentation.blurPx) : 0;
  const area = sizePx * sizePx;
  for (let c = 0; c < channels.length; c++) {
    let gain = Math.exp(random.range(-augmentation.logGain, augmentation.logGain)) / 255;
    const dropped = random.uniform() < (augmentation.drop[channels[c]] ?? 0);
    if (negative && channels[c] === 'protein') gain *= random.range(0, DIMMED_TO);
    const gamma = Math.exp(random.range(-augmentation.logGamma, augmentation.logGamma));
    const noise = random.range(0, augmentation.noise);
    const from = source.subarray(c * area, (c + 1) * area);
    const to = target.subarray(c * area, (c + 1) * area);
    if (dropped) {
      to.fill(0);
      continue;
    }
    if (free === null) copyTurned(from, to, sizePx, turn, gain);
    else sampleTurned(from, to, sizePx, turn, free, gain);
    if (blurPx > 0) blurPlane(to, sizePx, blurPx);
    if (augmentation.logGamma > 0) bend(to, gamma);
    if (noise > 0) addNoise(to, noise, random);
  }
  return negative;
}

/**
 * Blurs by the three taps whose variance is that of a Gaussian of the given width, across and then down; good enough up to
 * 1 px, where they are nearly equal. What lies outside counts as the border's pixel.
 */
function blurPlane(plane: Float32Array, size: number, sigmaPx: number): void {
  const side = Math.min(1 / 3, sigmaPx ** 2 / 2);
  const middle = 1 - 2 * side;
  for (let y = 0; y < size; y++) smoothLine(plane, y * size, 1, size, side, middle);
  for (let x = 0; x < size; x++) smoothLine(plane, x, size, size, side, middle);
}

function smoothLine(
  plane: Float32Array,
  start: number,
  step: number,
  count: number,
  side: number,
  middle: number,
): void {
  let before = plane[start];
  for (let i = 0, at = start; i < count; i++, at += step) {
    const here = plane[at];
    const after = i + 1 < count ? plane[at + step] : here;
    plane[at] = middle * here + side * (before + after);
    before = here;
  }
}

/** Values to the power gamma, by a table: a power a pixel would take longer than the turn. */
function bend(plane: Float32Array, gamma: number): void {
  const table = Float32Array.from({ length: BENT + 1 }, (_, i) => (i / BENT) ** gamma);
  for (let i = 0; i < plane.length; i++) plane[i] = table[(plane[i] * BENT + 0.5) | 0];
}

/** Steps of the table of `bend`, twice as many as a byte has. */
const BENT = 510;

/** Normal noise of the given deviation, from a fixed table that is entered at random: drawing each number takes too long. */
function addNoise(plane: Float32Array, deviation: number, random: Random): void {
  let at = random.integer(NOISE.length);
  for (let i = 0; i < plane.length; i++, at++) {
    plane[i] = Math.min(1, Math.max(0, plane[i] + deviation * NOISE[at % NOISE.length]));
  }
}

/** A prime number of them, so that rows of a crop do not repeat. */
const NOISE = normalNumbers(65521);

function normalNumbers(count: number): Float32Array {
  const random = createRandom(0);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** The crop's bytes as floats, unchanged. */
export function plainCrop(source: Uint8Array, target: Float32Array): void {
  for (let i = 0; i < source.length; i++) target[i] = SHARES[source[i]];
}

/** What a byte stands for; looking it up takes less time than dividing. */
const SHARES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Turn `turn` of eight: bit 0 flips columns, bit 1 rows, bit 2 swaps the axes. */
function copyTurned(from: Uint8Array, to: Float32Array, size: number, turn: number, gain: number): void {
  const last = size - 1;
  const across = turn & 1 ? -1 : 1;
  const down = turn & 2 ? -1 : 1;
  const stepX = turn & 4 ? across * size : across;
  const stepY = turn & 4 ? down : down * size;
  const start = (stepX < 0 ? -stepX * last : 0) + (stepY < 0 ? -stepY * last : 0);
  for (let y = 0; y < size; y++) {
    let at = start + y * stepY;
    for (let x = 0; x < size; x++, at += stepX) to[y * size + x] = Math.min(1, from[at] * gain);
  }
}

interface FreeTurn {
  readonly cos: number;
  readonly sin: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

function drawFreeTurn({ logZoom, shiftPx }: Augmentation, random: Random): FreeTurn {
  const angle = random.range(-Math.PI / 4, Math.PI / 4);
  const shrink = Math.exp(random.range(-logZoom, logZoom));
  return {
    cos: Math.cos(angle) * shrink,
    sin: Math.sin(angle) * shrink,
    shiftX: random.range(-shiftPx, shiftPx),
    shiftY: random.range(-shiftPx, shiftPx),
  };
}

function sampleTurned(
  from: Uint8Array,
  to: Float32Array,
  size: number,
  turn: number,
  free: FreeTurn,
  gain: number,
): void {
  const middle = (size - 1) / 2;
  const across = turn & 1 ? -1 : 1;
  const down = turn & 2 ? -1 : 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const u = across * (turn & 4 ? y - middle : x - middle);
      const v = down * (turn & 4 ? x - middle : y - middle);
      const sourceX = middle + free.shiftX + free.cos * u - free.sin * v;
      const sourceY = middle + free.shiftY + free.sin * u + free.cos * v;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      let value = 0;
      if (left >= 0 && top >= 0 && left < size - 1 && top < size - 1) {
        const at = top * size + left;
        const shareX = sourceX - left;
        const upper = from[at] + (from[at + 1] - from[at]) * shareX;
        const lower = from[at + size] + (from[at + size + 1] - from[at + size]) * shareX;
        value = upper + (lower - upper) * (sourceY - top);
      }
      to[y * size + x] = Math.min(1, value * gain);
    }
  }
}
