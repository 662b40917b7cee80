import { InputError } from '../common/index.js';
import type { FloatPlane } from './plane.js';

/** The kernel reaches this many sigmas: what it leaves out is below 7e-5 of the whole. */
const TRUNCATE_SIGMAS = 4;

/**
 * Gaussian filter, separable, the plane mirrored at its borders with the edge pixel repeated (so a constant stays
 * constant and the mean is kept). The kernel is sampled at pixel centres, cut at 4 sigma and normalised to sum 1.
 * `sigmaPx` 0 gives a copy.
 * @throws InputError `sigma-invalid`
 */
export function gaussianBlur(plane: FloatPlane, sigmaPx: number): FloatPlane {
  if (!(sigmaPx >= 0 && Number.isFinite(sigmaPx))) {
    throw new InputError('sigma-invalid', `gaussian filter: sigma is ${sigmaPx}, expected 0 or more pixels`);
  }
  const { width, height, data } = plane;
  const kernel = gaussianKernel(sigmaPx);
  if (kernel.length === 1) return { width, height, bitDepth: 32, data: data.slice() };
  return {
    width,
    height,
    bitDepth: 32,
    data: blurRows(blurColumns(data, width, height, kernel), width, height, kernel),
  };
}

/** Weights at distance 0, 1, ... from the centre; the others follow by symmetry. */
function gaussianKernel(sigmaPx: number): Float64Array {
  const radius = Math.floor(TRUNCATE_SIGMAS * sigmaPx + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, i) =>
    i === 0 ? 1 : Math.exp(-0.5 * (i / sigmaPx) ** 2),
  );
  const sum = half.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** Index mirrored into [0, n) with the edge repeated: ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ... */
function mirror(i: number, n: number): number {
  const period = 2 * n;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - 1 - folded;
}

function blurColumns(data: Float32Array, width: number, height: number, kernel: Float64Array): Float32Array {
  const out = new Float32Array(data.length);
  const centre = kernel[0];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) out[row + x] = centre * data[row + x];
    for (let k = 1; k < kernel.length; k++) {
      const above = mirror(y - k, height) * width;
      const below = mirror(y + k, height) * width;
      const weight = kernel[k];
      for (let x = 0; x < width; x++) out[row + x] += weight * (data[above + x] + data[below + x]);
    }
  }
  return out;
}

/** Works in place, one padded row at a time. */
function blurRows(data: Float32Array, width: number, height: number, kernel: Float64Array): Float32Array {
  const radius = kernel.length - 1;
  const padded = new Float32Array(width + 2 * radius);
  const source = Int32Array.from(padded, (_, i) => mirror(i - radius, width));
  const sums = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let i = 0; i < padded.length; i++) padded[i] = data[row + source[i]];
    const centre = kernel[0];
    for (let x = 0; x < width; x++) sums[x] = centre * padded[x + radius];
    for (let k = 1; k <= radius; k++) {
      const weight = kernel[k];
      const left = radius - k;
      const right = radius + k;
      for (let x = 0; x < width; x++) sums[x] += weight * (padded[x + left] + padded[x + right]);
    }
    data.set(sums, row);
  }
  return data;
}
