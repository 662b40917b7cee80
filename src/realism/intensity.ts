import { type FieldOfView, fullScale, type Plane, percentile } from '../imaging/index.js';

/** Percentiles that are compared. */
export const PERCENTILES = [50, 75, 90, 95, 99, 99.9] as const;

/** Pairs of channels whose correlation is compared. */
export const CHANNEL_PAIRS = [
  ['microtubules', 'er'],
  ['microtubules', 'nuclei'],
  ['er', 'nuclei'],
  ['protein', 'microtubules'],
  ['protein', 'er'],
  ['protein', 'nuclei'],
] as const;

/** How bright a channel is: percentiles as shares of full scale, and the shares of pixels that are 0 and full. */
export interface Intensity {
  readonly percentiles: readonly number[];
  readonly dark: number;
  readonly saturated: number;
}

export function measureIntensity(plane: Plane): Intensity {
  const full = fullScale(plane);
  let dark = 0;
  let saturated = 0;
  for (let i = 0; i < plane.data.length; i++) {
    if (plane.data[i] <= 0) dark++;
    if (plane.data[i] >= full) saturated++;
  }
  return {
    percentiles: PERCENTILES.map((p) => percentile(plane, p) / full),
    dark: dark / plane.data.length,
    saturated: saturated / plane.data.length,
  };
}

/** Shares of the pixels in `bins` equal steps of brightness. */
export function brightnessHistogram(plane: Plane, bins: number): number[] {
  const full = fullScale(plane);
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < plane.data.length; i++) {
    counts[Math.min(bins - 1, Math.floor((plane.data[i] / full) * bins))] += 1 / plane.data.length;
  }
  return counts;
}

/** Pearson's correlation of two channels over all pixels; null where one is missing or even. */
export function channelCorrelation(
  { channels }: Pick<FieldOfView, 'channels'>,
  [first, second]: (typeof CHANNEL_PAIRS)[number],
): number | null {
  const a = channels[first]?.data;
  const b = channels[second]?.data;
  if (a === undefined || b === undefined) return null;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < a.length; i++) {
    sumA += a[i];
    sumB += b[i];
  }
  const meanA = sumA / a.length;
  const meanB = sumB / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}
