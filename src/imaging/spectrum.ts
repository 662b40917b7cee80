import type { Box, Plane } from './plane.js';

/**
 * Where in frequency the detail of a part of some planes lies: entry k is the share of their energy (variance) at
 * frequencies of at most (k + 1) / (2 * bands) cycles a pixel along both axes, so the last is 1. Each plane counts alike;
 * flat ones are left out, and where all are flat every share is 1.
 *
 * The part is weighted by a Hann window, so that its borders are no edges, and padded to powers of two (radix-2 FFT,
 * Cooley & Tukey 1965). Two planes share one complex transform: their energies add up.
 */
export function energyBelow(planes: readonly Plane[], box: Box, bands: number): Float64Array {
  const width = powerOfTwo(box.width);
  const height = powerOfTwo(box.height);
  const energy = new Float64Array(bands);
  const parts = planes.map((plane) => windowedPart(plane, box)).filter((part) => part !== null);
  for (let pair = 0; pair < parts.length; pair += 2) {
    const real = padded(parts[pair], box, width, height);
    const imaginary =
      pair + 1 < parts.length
        ? padded(parts[pair + 1], box, width, height)
        : new Float64Array(width * height);
    transform2d(real, imaginary, width, height);
    for (let y = 0; y < height; y++) {
      const down = Math.min(y, height - y) / height;
      for (let x = 0; x < width; x++) {
        const frequency = Math.max(down, Math.min(x, width - x) / width);
        const band = Math.max(0, Math.ceil(frequency * 2 * bands) - 1);
        const at = y * width + x;
        energy[band] += real[at] ** 2 + imaginary[at] ** 2;
      }
    }
  }
  let below = 0;
  const total = energy.reduce((sum, value) => sum + value, 0);
  return energy.map((value) => {
    below += value;
    return total === 0 ? 1 : below / total;
  });
}

/** The part without its mean, under a Hann window, with energy 1; null where it is flat. */
function windowedPart(plane: Plane, { x: left, y: top, width, height }: Box): Float64Array | null {
  const across = hann(width);
  const down = hann(height);
  const part = new Float64Array(width * height);
  let weighted = 0;
  let weights = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const weight = across[x] * down[y];
      weighted += weight * plane.data[(top + y) * plane.width + left + x];
      weights += weight;
    }
  }
  // Without the weighted mean, not the plain one: the window would turn what is left of it into low frequencies.
  const mean = weighted / weights;
  let energy = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = across[x] * down[y] * (plane.data[(top + y) * plane.width + left + x] - mean);
      part[y * width + x] = value;
      energy += value ** 2;
    }
  }
  if (energy <= FLAT * Math.max(1, mean ** 2)) return null;
  const scale = 1 / Math.sqrt(energy);
  return part.map((value) => value * scale);
}

/** What rounding leaves of a constant, relative to its square. */
const FLAT = 1e-18;

function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / length) ** 2);
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}

function padded(part: Float64Array, box: Box, width: number, height: number): Float64Array {
  const out = new Float64Array(width * height);
  for (let y = 0; y < box.height; y++) {
    out.set(part.subarray(y * box.width, (y + 1) * box.width), y * width);
  }
  return out;
}

function transform2d(real: Float64Array, imaginary: Float64Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    transform(real.subarray(y * width, (y + 1) * width), imaginary.subarray(y * width, (y + 1) * width));
  }
  const columnReal = new Float64Array(height);
  const columnImaginary = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      columnReal[y] = real[y * width + x];
      columnImaginary[y] = imaginary[y * width + x];
    }
    transform(columnReal, columnImaginary);
    for (let y = 0; y < height; y++) {
      real[y * width + x] = columnReal[y];
      imaginary[y * width + x] = columnImaginary[y];
    }
  }
}

/** In place; the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  for (let i = 1, reversed = 0; i < length; i++) {
    let bit = length >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) {
      [real[i], real[reversed]] = [real[reversed], real[i]];
      [imaginary[i], imaginary[reversed]] = [imaginary[reversed], imaginary[i]];
    }
  }
  for (let half = 1; half < length; half *= 2) {
    for (let k = 0; k < half; k++) {
      const cosine = Math.cos((Math.PI * k) / half);
      const sine = -Math.sin((Math.PI * k) / half);
      for (let a = k; a < length; a += 2 * half) {
        const b = a + half;
        const turnedReal = real[b] * cosine - imaginary[b] * sine;
        const turnedImaginary = real[b] * sine + imaginary[b] * cosine;
        real[b] = real[a] - turnedReal;
        imaginary[b] = imaginary[a] - turnedImaginary;
        real[a] += turnedReal;
        imaginary[a] += turnedImaginary;
      }
    }
  }
}
