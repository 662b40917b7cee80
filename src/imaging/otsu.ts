import { InputError } from '../common/index.js';

const BINS = 512;

/**
 * Otsu's threshold (1979): the cut that parts the values into two classes with the largest variance between them;
 * values above it are the upper class. Found on a histogram of 512 equal bins from the least to the greatest value,
 * so it is exact to 1/512 of the range; of equally good cuts the lowest, in the middle of the gap it falls into. Values
 * that are all equal give that value, so none lies above. The values must be finite.
 * @throws InputError `values-empty`
 */
export function otsuThreshold(values: Float32Array): number {
  if (values.length === 0)
    throw new InputError('values-empty', 'Otsu threshold: expected at least one value, found none');
  let low = values[0];
  let high = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    else if (values[i] > high) high = values[i];
  }
  if (!(high > low)) return low;
  // One bin more, for the greatest value.
  const counts = new Uint32Array(BINS + 1);
  const sums = new Float64Array(BINS + 1);
  const scale = BINS / (high - low);
  for (let i = 0; i < values.length; i++) {
    const bin = ((values[i] - low) * scale) | 0;
    counts[bin]++;
    sums[bin] += values[i];
  }
  counts[BINS - 1] += counts[BINS];
  sums[BINS - 1] += sums[BINS];
  return low + bestCut(counts.subarray(0, BINS), sums.subarray(0, BINS)) / scale;
}

/** Number of bins in the lower class. Neither class is ever empty: the least value is in the first bin, the greatest in the last. */
function bestCut(counts: Uint32Array, sums: Float64Array): number {
  let above = counts.reduce((a, b) => a + b);
  let sumAbove = sums.reduce((a, b) => a + b);
  let below = 0;
  let sumBelow = 0;
  let best = -1;
  let first = 0;
  let last = 0;
  for (let cut = 1; cut < counts.length; cut++) {
    below += counts[cut - 1];
    sumBelow += sums[cut - 1];
    above -= counts[cut - 1];
    sumAbove -= sums[cut - 1];
    const difference = sumBelow / below - sumAbove / above;
    const variance = below * above * difference * difference;
    if (variance > best) {
      best = variance;
      first = cut;
      last = cut;
    } else if (counts[cut - 1] === 0 && last === cut - 1) {
      last = cut;
    }
  }
  return (first + last) / 2;
}
