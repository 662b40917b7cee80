import type { Random } from '../common/index.js';

/** Random values on a lattice of this many points a side, repeated; a power of two. */
const LATTICE = 64;

/**
 * Value noise: random numbers on a lattice of `scalePx`, joined by smoothstep (Perlin 1985 describes the family), row by
 * row, in [0, 1] with mean 0.5. `octaves` adds finer copies, each of half the scale and half the weight.
 */
export function noisePlane(
  random: Random,
  width: number,
  height: number,
  scalePx: number,
  octaves = 1,
): Float32Array {
  const out = new Float32Array(width * height);
  let scale = scalePx;
  let weight = 1;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    addOctave(out, random, width, height, scale, weight);
    total += weight;
    scale /= 2;
    weight /= 2;
  }
  for (let i = 0; i < out.length; i++) out[i] /= total;
  return out;
}

/**
 * A net of bright ridges with dark meshes of about `scalePx`, in [0, 1]: 1 - |2 n - 1| of value noise is 1 along the
 * contour n = 1/2, which is a net of curves (ridged noise, Musgrave 1993).
 */
export function ridgePlane(random: Random, width: number, height: number, scalePx: number): Float32Array {
  const coarse = noisePlane(random, width, height, scalePx);
  const fine = noisePlane(random, width, height, scalePx * 0.6);
  for (let i = 0; i < coarse.length; i++) {
    const a = 1 - Math.abs(2 * coarse[i] - 1);
    const b = 1 - Math.abs(2 * fine[i] - 1);
    const ridge = a > b ? a : b;
    coarse[i] = ridge * ridge * ridge;
  }
  return coarse;
}

function addOctave(
  out: Float32Array,
  random: Random,
  width: number,
  height: number,
  scalePx: number,
  weight: number,
): void {
  const lattice = new Float32Array(LATTICE * LATTICE);
  for (let i = 0; i < lattice.length; i++) lattice[i] = random.uniform() * weight;
  const offsetX = random.uniform() * LATTICE;
  const offsetY = random.uniform() * LATTICE;
  const columns = new Int32Array(width);
  const blends = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const u = x / scalePx + offsetX;
    const cell = Math.floor(u);
    columns[x] = cell & (LATTICE - 1);
    blends[x] = smoothstep(u - cell);
  }
  for (let y = 0; y < height; y++) {
    const v = y / scalePx + offsetY;
    const cell = Math.floor(v);
    const top = (cell & (LATTICE - 1)) * LATTICE;
    const bottom = ((cell + 1) & (LATTICE - 1)) * LATTICE;
    const blendY = smoothstep(v - cell);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const left = columns[x];
      const right = (left + 1) & (LATTICE - 1);
      const blendX = blends[x];
      const upper = lattice[top + left] + (lattice[top + right] - lattice[top + left]) * blendX;
      const lower = lattice[bottom + left] + (lattice[bottom + right] - lattice[bottom + left]) * blendX;
      out[i] += upper + (lower - upper) * blendY;
    }
  }
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t);
}
