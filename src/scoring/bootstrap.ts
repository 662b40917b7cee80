import { createRandom, type Random } from '../common/index.js';

/** A value and the interval in which resampling the images leaves it. */
export interface BootstrapInterval {
  /** The value on the images as they are. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Resamples on which the value exists (is not NaN); the interval is taken over these. */
  readonly resamples: number;
}

export interface BootstrapOptions {
  /** @default 1000 */
  readonly resamples?: number;
  /** Share of resamples inside the interval. @default 0.95 */
  readonly level?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** A score of a set of images in which the i-th is counted `imageWeights[i]` times. */
export type ImageStatistic = (imageWeights: Uint32Array) => number;

/**
 * Percentile bootstrap by image (Efron 1979): images are drawn with replacement, as many as there are; cells of one
 * image stay together because they are not independent.
 * @throws RangeError without images
 */
export function bootstrapByImage(
  images: number,
  statistic: ImageStatistic,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { resamples = 1000, level = 0.95, seed = 1 } = options;
  if (!(images > 0)) throw new RangeError(`bootstrapByImage: needs at least one image, got ${images}`);
  const random = createRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = statistic(resampleImages(images, random));
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  return {
    estimate: statistic(new Uint32Array(images).fill(1)),
    low: quantile(values, (1 - level) / 2),
    high: quantile(values, (1 + level) / 2),
    resamples: values.length,
  };
}

/**
 * Interval of the difference `a - b` of two models on the same images: both are scored on the same resamples, so that
 * what makes an image easy or hard for both cancels out. Zero outside the interval speaks for a real difference.
 */
export function bootstrapDifference(
  images: number,
  a: ImageStatistic,
  b: ImageStatistic,
  options: BootstrapOptions = {},
): BootstrapInterval {
  return bootstrapByImage(images, (weights) => a(weights) - b(weights), options);
}

/** How often each image is drawn. */
function resampleImages(images: number, random: Random): Uint32Array {
  const weights = new Uint32Array(images);
  for (let i = 0; i < images; i++) weights[random.integer(images)]++;
  return weights;
}

/** Quantile of ascending values, linear between neighbours; NaN for none. */
function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const at = share * (values.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, values.length - 1);
  return values[below] + (at - below) * (values[above] - values[below]);
}
