import { NEGATIVE, type Random } from '../common/index.js';
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
  /** Probability that a channel is dark, by channel: what a field without it gives. */
  readonly drop: Readonly<Partial<Record<Channel, number>>>;
  /** Probability that the protein is dimmed away and the cell's label becomes `Negative`. */
  readonly toNegative: number;
}

/**
 * Sizes vary by a fifth because outlines and pixel sizes are never exact. The ER is missing in the atlas's composites,
 * and microtubules are dark in some. Cells dimmed to Negative helped in the 2021 competition.
 */
export const DEFAULT_AUGMENTATION: Augmentation = {
  turns: true,
  freeTurn: 0.5,
  logZoom: 0.2,
  shiftPx: 6,
  logGain: 0.25,
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
 */
export function augmentCrop(
  source: Uint8Array,
  target: Float32Array,
  labels: Float32Array,
  channels: readonly Channel[],
  sizePx: number,
  augmentation: Augmentation,
  random: Random,
): void {
  const turn = augmentation.turns ? random.integer(8) : 0;
  const free = random.uniform() < augmentation.freeTurn ? drawFreeTurn(augmentation, random) : null;
  const negative = random.uniform() < augmentation.toNegative;
  if (negative) {
    labels.fill(0);
    labels[NEGATIVE] = 1;
  }
  const area = sizePx * sizePx;
  for (let c = 0; c < channels.length; c++) {
    let gain = Math.exp(random.range(-augmentation.logGain, augmentation.logGain)) / 255;
    const dropped = random.uniform() < (augmentation.drop[channels[c]] ?? 0);
    if (negative && channels[c] === 'protein') gain *= random.range(0, DIMMED_TO);
    const from = source.subarray(c * area, (c + 1) * area);
    const to = target.subarray(c * area, (c + 1) * area);
    if (dropped) to.fill(0);
    else if (free === null) copyTurned(from, to, sizePx, turn, gain);
    else sampleTurned(from, to, sizePx, turn, free, gain);
  }
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
