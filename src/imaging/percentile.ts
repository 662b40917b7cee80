import { InputError } from '../common/index.js';
import type { Plane } from './plane.js';

/** Enough that a bin of a usual plane holds few values. */
const BINS = 4096;

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
 * The same: a histogram finds the bins in which both lie, quickselect the values among those bins' few. A range that is not finite has
 * no bins.
 */
function selectFloat(data: Float32Array, rank: number): [number, number] {
  let low = data[0];
  let high = data[0];
  for (let i = 1; i < data.length; i++) {
    if (data[i] < low) low = data[i];
    else if (data[i] > high) high = data[i];
  }
  if (low === high) return [low, low];
  const scale = (BINS - 1) / (high - low);
  if (data.length < BINS || !Number.isFinite(scale)) return quickselect(data.slice(), rank);
  const counts = new Uint32Array(BINS);
  for (let i = 0; i < data.length; i++) counts[((data[i] - low) * scale) | 0]++;
  let first = 0;
  let below = 0;
  while (below + counts[first] <= rank) below += counts[first++];
  let last = first;
  let count = counts[first];
  const needed = Math.min(rank + 2, data.length) - below;
  while (count < needed) count += counts[++last];
  const values = new Float32Array(count);
  for (let i = 0, k = 0; k < count; i++) {
    const bin = ((data[i] - low) * scale) | 0;
    if (bin >= first && bin <= last) values[k++] = data[i];
  }
  return quickselect(values, rank - below);
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
