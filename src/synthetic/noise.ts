import { cos, type Random, sin } from '../common/index.js';

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
  // Far enough from 0 that truncation rounds down all over the plane: cheaper than Math.floor.
  const far = LATTICE * Math.ceil((2 * (width + height)) / scalePx / LATTICE);
  const offsetX = far + random.uniform() * LATTICE;
  const offsetY = far + random.uniform() * LATTICE;
  // The lattice lies askew, or its rows and columns would show in the picture.
  const angle = random.range(0, Math.PI / 2);
  const stepX = cos(angle) / scalePx;
  const stepY = sin(angle) / scalePx;
  for (let y = 0; y < height; y++) {
    let u = offsetX - y * stepY;
    let v = offsetY + y * stepX;
    // A mesh of the lattice spans many pixels of a row: its corners are read once.
    let column = -1;
    let row = -1;
    let upperLeft = 0;
    let upperRise = 0;
    let lowerLeft = 0;
    let lowerRise = 0;
    for (let x = 0, i = y * width; x < width; x++, i++, u += stepX, v += stepY) {
      const nextColumn = u | 0;
      const nextRow = v | 0;
      if (nextColumn !== column || nextRow !== row) {
        column = nextColumn;
        row = nextRow;
        const left = column & (LATTICE - 1);
        const right = (column + 1) & (LATTICE - 1);
        const top = (row & (LATTICE - 1)) * LATTICE;
        const bottom = ((row + 1) & (LATTICE - 1)) * LATTICE;
        upperLeft = lattice[top + left];
        upperRise = lattice[top + right] - upperLeft;
        lowerLeft = lattice[bottom + left];
        lowerRise = lattice[bottom + right] - lowerLeft;
      }
      const blendX = smoothstep(u - column);
      const upper = upperLeft + upperRise * blendX;
      const lower = lowerLeft + lowerRise * blendX;
      out[i] += upper + (lower - upper) * smoothstep(v - row);
    }
  }
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t);
}
