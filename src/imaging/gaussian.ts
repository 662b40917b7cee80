import { exp, InputError } from '../common/index.js';
import type { FloatPlane } from './plane.js';

/** The kernel reaches this many sigmas where nothing else is said: what it leaves out is below 7e-5 of the whole. */
const TRUNCATE_SIGMAS = 4;

/**
 * Gaussian filter, separable, the plane mirrored at its borders with the edge pixel repeated (so a constant stays
 * constant and the mean is kept). The kernel is sampled at pixel centres, cut at `truncateSigmas` and normalised to sum 1.
 * `sigmaPx` 0 gives a copy.
 * @throws InputError `sigma-invalid`
 */
export function gaussianBlur(
  plane: FloatPlane,
  sigmaPx: number,
  truncateSigmas = TRUNCATE_SIGMAS,
): FloatPlane {
  if (!(sigmaPx >= 0 && Number.isFinite(sigmaPx))) {
    throw new InputError('sigma-invalid', `gaussian filter: sigma is ${sigmaPx}, expected 0 or more pixels`);
  }
  const { width, height, data } = plane;
  const kernel = gaussianKernel(sigmaPx, truncateSigmas);
  if (kernel.length === 1) return { width, height, bitDepth: 32, data: data.slice() };
  return { width, height, bitDepth: 32, data: blur(data, width, height, kernel) };
}

/** Weights at distance 0, 1, ... from the centre; the others follow by symmetry. */
function gaussianKernel(sigmaPx: number, truncateSigmas: number): Float64Array {
  const radius = Math.floor(truncateSigmas * sigmaPx + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, i) => {
    const sigmas = i === 0 ? 0 : i / sigmaPx;
    return exp(-0.5 * sigmas * sigmas);
  });
  const sum = half.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** Index mirrored into [0, n) with the edge repeated: ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ... */
function mirror(i: number, n: number): number {
  const period = 2 * n;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - 1 - folded;
}

/**
 * Row by row: the sums down the columns first, in a row of doubles with margins, then along that row. Taps go in groups, each group in
 * one sweep: between them the sums are stored and loaded again, which costs as much as a tap.
 */
function blur(data: Float32Array, width: number, height: number, kernel: Float64Array): Float32Array {
  const groups = tapGroups(kernel);
  const margin = groups.reduce((taps, { size }) => taps + size, 0);
  const row = new Float64Array(width + 2 * margin);
  const sums = new Float64Array(width);
  const source = Int32Array.from(row, (_, i) => margin + mirror(i - margin, width));
  const taps = new Int32Array(1 + 2 * LARGE_GROUP);
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const { first, size, weights } of groups) {
      taps[0] = y * width;
      for (let k = 0; k < size; k++) {
        taps[1 + 2 * k] = mirror(y - first - k, height) * width;
        taps[2 + 2 * k] = mirror(y + first + k, height) * width;
      }
      if (size === LARGE_GROUP) addColumns6(row, margin, data, taps, weights, width);
      else addColumns3(row, margin, data, taps, weights, width);
    }
    for (let i = 0; i < margin; i++) {
      row[i] = row[source[i]];
      row[row.length - 1 - i] = row[source[row.length - 1 - i]];
    }
    sums.fill(0);
    for (const { first, size, weights } of groups) {
      if (size === LARGE_GROUP) addNeighbours6(sums, row, margin, first, weights);
      else addNeighbours3(sums, row, margin, first, weights);
    }
    const begin = y * width;
    for (let x = 0; x < width; x++) out[begin + x] = sums[x];
  }
  return out;
}

const LARGE_GROUP = 6;
const SMALL_GROUP = 3;

/** Taps that are added in one sweep: those at distances `first` to `first + size - 1` to both sides. */
interface TapGroup {
  readonly first: number;
  readonly size: number;
  /** The centre's weight, which only the first group has, and the taps'; the last ones may be 0. */
  readonly weights: Float64Array;
}

/** @param kernel weights at distance 0, 1, ... */
function tapGroups(kernel: Float64Array): TapGroup[] {
  const groups: TapGroup[] = [];
  for (let first = 1; first < kernel.length; first += LARGE_GROUP) {
    const size = kernel.length - first > SMALL_GROUP ? LARGE_GROUP : SMALL_GROUP;
    const weights = new Float64Array(1 + size);
    weights.set(kernel.subarray(first, first + size), 1);
    if (first === 1) weights[0] = kernel[0];
    groups.push({ first, size, weights });
  }
  return groups;
}

/** Adds to `row`, from `margin` on, the rows of `data` that begin at `taps`: one, and six pairs. */
function addColumns6(
  row: Float64Array,
  margin: number,
  data: Float32Array,
  taps: Int32Array,
  weights: Float64Array,
  width: number,
): void {
  const [m, a, b, c, d, e, f, g, h, i, j, k, l] = taps;
  const [t, u, v, w, p, q, r] = weights;
  for (let x = 0; x < width; x++) {
    row[margin + x] +=
      t * data[m + x] +
      u * (data[a + x] + data[b + x]) +
      v * (data[c + x] + data[d + x]) +
      w * (data[e + x] + data[f + x]) +
      p * (data[g + x] + data[h + x]) +
      q * (data[i + x] + data[j + x]) +
      r * (data[k + x] + data[l + x]);
  }
}

function addColumns3(
  row: Float64Array,
  margin: number,
  data: Float32Array,
  taps: Int32Array,
  weights: Float64Array,
  width: number,
): void {
  const [m, a, b, c, d, e, f] = taps;
  const [t, u, v, w] = weights;
  for (let x = 0; x < width; x++) {
    row[margin + x] +=
      t * data[m + x] +
      u * (data[a + x] + data[b + x]) +
      v * (data[c + x] + data[d + x]) +
      w * (data[e + x] + data[f + x]);
  }
}

/** Adds to `sums` the pixels of `row` from `margin` on and six neighbours to each side, the nearest `first` away. */
function addNeighbours6(
  sums: Float64Array,
  row: Float64Array,
  margin: number,
  first: number,
  weights: Float64Array,
): void {
  const [t, u, v, w, p, q, r] = weights;
  for (let x = 0; x < sums.length; x++) {
    const m = margin + x;
    const a = m - first;
    const b = m + first;
    sums[x] +=
      t * row[m] +
      u * (row[a] + row[b]) +
      v * (row[a - 1] + row[b + 1]) +
      w * (row[a - 2] + row[b + 2]) +
      p * (row[a - 3] + row[b + 3]) +
      q * (row[a - 4] + row[b + 4]) +
      r * (row[a - 5] + row[b + 5]);
  }
}

function addNeighbours3(
  sums: Float64Array,
  row: Float64Array,
  margin: number,
  first: number,
  weights: Float64Array,
): void {
  const [t, u, v, w] = weights;
  for (let x = 0; x < sums.length; x++) {
    const m = margin + x;
    const a = m - first;
    const b = m + first;
    sums[x] +=
      t * row[m] + u * (row[a] + row[b]) + v * (row[a - 1] + row[b + 1]) + w * (row[a - 2] + row[b + 2]);
  }
}
