import { InputError } from '../common/index.js';
import type { Plane } from './plane.js';

/** Planes of fewer values are searched whole. */
const LEAST_SAMPLED = 16_384;
/** Values that a large plane is first judged by: see `selectFloat`. */
const SAMPLE = 1024;
/** The bracket reaches so many standard deviations of a sample's rank to each side. */
const BRACKET_DEVIATIONS = 5;

/**
 * The value below which `p` percent of the plane's pixels lie, in the plane's own units; between two pixels' values it
 * is interpolated linearly (definition 7 of Hyndman & Fan 1996, the usual one). Float planes must hold no NaN.
 * @param p 0 (the minimum) to 100 (the maximum)
 * @throws InputError `percentile-invalid`, `plane-empty`
 */
export function percentile(plane: Plane, p: number): number {
  const { data } = plane;
  if (!(p >= 0 && p <= 100)) {
    throw new InputError('percentile-invalid', `percentile ${p}: expected a number from 0 to 100`);
  }
  if (data.length === 0) throw new InputError('plane-empty', 'percentile of a plane without pixels');
  const position = ((data.length - 1) * p) / 100;
  const rank = Math.floor(position);
  const share = position - rank;
  const [low, high] = data instanceof Float32Array ? selectFloat(data, rank) : selectInteger(data, rank);
  return share > 0 ? low + (high - low) * share : low;
}

/** The values of rank `rank` and `rank + 1` (or the last) in ascending order, from a histogram. */
function selectInteger(data: Uint8Array | Uint16Array, rank: number): [number, number] {
  const counts = new Uint32Array(data instanceof Uint8Array ? 256 : 65536);
  for (let i = 0; i < data.length; i++) counts[data[i]]++;
  let value = 0;
  let below = counts[0];
  while (below <= rank) below += counts[++value];
  if (below > rank + 1 || below === data.length) return [value, value];
  let next = value + 1;
  while (counts[next] === 0) next++;
  return [value, next];
}

/**
 * The same, after Floyd & Rivest (1975): a sample tells two values between which both almost surely lie, one sweep takes out what is
 * between them, and quickselect finds them there. Where the sample was wrong all values are searched.
 */
function selectFloat(data: Float32Array, rank: number): [number, number] {
  if (data.length < LEAST_SAMPLED) return quickselect(data.slice(), rank);
  const { low, high, expected } = bracket(data, rank);
  const between = new Float32Array(2 * expected);
  // Values equal to a bound are counted, not taken out: often they are many, as where a background is 0.
  let below = 0;
  let atLow = 0;
  let count = 0;
  let atHigh = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value < high) {
      if (value > low) between[count++] = value;
      else if (value === low) atLow++;
      else below++;
    } else if (value === high) atHigh++;
  }
  const last = Math.min(rank + 1, data.length - 1);
  const first = below + atLow;
  if (count > between.length || rank < below || last >= first + count + atHigh)
    return quickselect(data.slice(), rank);
  const taken = between.subarray(0, count);
  const valueAt = (k: number) => {
    if (k < first) return low;
    return k < first + count ? quickselect(taken, k - first)[0] : high;
  };
  return [valueAt(rank), valueAt(last)];
}

/**
 * Two values, from an even sample, between which the values of rank `rank` and `rank + 1` almost surely lie, and how many values
 * are to be `expected` between them.
 */
function bracket(data: Float32Array, rank: number): { low: number; high: number; expected: number } {
  // Odd, so that the sample does not run down a few columns.
  const step = Math.floor(data.length / SAMPLE) | 1;
  const sample = new Float32Array(Math.ceil(data.length / step));
  for (let k = 0; k < sample.length; k++) sample[k] = data[k * step];
  sample.sort();
  const share = rank / data.length;
  const reach = 1 + BRACKET_DEVIATIONS * Math.sqrt(share * (1 - share) * sample.length + 1);
  const first = Math.floor(share * sample.length - reach);
  const last = Math.ceil(share * sample.length + reach);
  return {
    low: first < 0 ? Number.NEGATIVE_INFINITY : sample[first],
    high: last >= sample.length ? Number.POSITIVE_INFINITY : sample[last],
    expected: (last - first + 1) * step,
  };
}

/** The values of rank `rank` and the next (or the last) by quickselect (Hoare 1961), which reorders the array. */
function quickselect(values: Float32Array, rank: number): [number, number] {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = median(values[left], values[(left + right) >> 1], values[right]);
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const held = values[i];
        values[i++] = values[j];
        values[j--] = held;
      }
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  const low = values[rank];
  if (rank === values.length - 1) return [low, low];
  let high = Number.POSITIVE_INFINITY;
  for (let i = rank + 1; i < values.length; i++) if (values[i] < high) high = values[i];
  return [low, high];
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
