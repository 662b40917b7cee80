import { fullScale, type Plane } from '../imaging/index.js';

/** Edges of the rings in which the power is averaged, in cycles a pixel; half a cycle is the finest that pixels hold. */
export const RING_EDGES = [0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5] as const;

/**
 * Radial power spectrum of the middle of a plane: log10 of the mean power in each ring, relative to the mean power over
 * all rings, so that it tells texture and not brightness. A Hann window keeps the borders from adding power of their own.
 * @returns `RING_EDGES.length` - 1 values, coarse to fine; null for a plane without structure
 */
export function radialSpectrum(plane: Plane): number[] | null {
  const size = 2 ** Math.floor(Math.log2(Math.min(plane.width, plane.height)));
  const real = windowed(plane, size);
  const imaginary = new Float64Array(size * size);
  transform2d(real, imaginary, size);
  const sums = new Float64Array(RING_EDGES.length - 1);
  const counts = new Float64Array(RING_EDGES.length - 1);
  for (let y = 0, i = 0; y < size; y++) {
    const fy = (y <= size / 2 ? y : y - size) / size;
    for (let x = 0; x < size; x++, i++) {
      const fx = (x <= size / 2 ? x : x - size) / size;
      const frequency = Math.sqrt(fx * fx + fy * fy);
      const ring = RING_EDGES.findLastIndex((edge) => frequency >= edge);
      if (ring < 0 || ring >= sums.length) continue;
      sums[ring] += real[i] * real[i] + imaginary[i] * imaginary[i];
      counts[ring]++;
    }
  }
  const total = sums.reduce((a, b) => a + b, 0) / counts.reduce((a, b) => a + b, 0);
  // An even plane leaves the rounding errors of its mean.
  if (!(total > 1e-20)) return null;
  return Array.from(sums, (sum, ring) => Math.log10(Math.max(sum / counts[ring] / total, 1e-12)));
}

/** The middle square, its mean taken off, fading to 0 at its borders. */
function windowed(plane: Plane, size: number): Float64Array {
  const left = (plane.width - size) >> 1;
  const top = (plane.height - size) >> 1;
  const scale = 1 / fullScale(plane);
  const out = new Float64Array(size * size);
  let mean = 0;
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      out[i] = plane.data[(y + top) * plane.width + x + left] * scale;
      mean += out[i] / out.length;
    }
  }
  const fade = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size),
  );
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) out[i] = (out[i] - mean) * fade[y] * fade[x];
  }
  return out;
}

function transform2d(real: Float64Array, imaginary: Float64Array, size: number): void {
  for (let y = 0; y < size; y++) {
    transform(real.subarray(y * size, (y + 1) * size), imaginary.subarray(y * size, (y + 1) * size));
  }
  const columnReal = new Float64Array(size);
  const columnImaginary = new Float64Array(size);
  for (let x = 0; x < size; x++) {
    for (let y = 0; y < size; y++) {
      columnReal[y] = real[y * size + x];
      columnImaginary[y] = imaginary[y * size + x];
    }
    transform(columnReal, columnImaginary);
    for (let y = 0; y < size; y++) {
      real[y * size + x] = columnReal[y];
      imaginary[y * size + x] = columnImaginary[y];
    }
  }
}

/** Fast Fourier transform in place (Cooley & Tukey 1965); the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let half = 1; half < n; half *= 2) {
    for (let k = 0; k < half; k++) {
      const c = Math.cos((-Math.PI * k) / half);
      const s = Math.sin((-Math.PI * k) / half);
      for (let i = k; i < n; i += 2 * half) {
        const j = i + half;
        const re = real[j] * c - imaginary[j] * s;
        const im = real[j] * s + imaginary[j] * c;
        real[j] = real[i] - re;
        imaginary[j] = imaginary[i] - im;
        real[i] += re;
        imaginary[i] += im;
      }
    }
  }
}
