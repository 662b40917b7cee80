import { cos, type Random, sin } from '../common/index.js';
import type { Box } from '../imaging/index.js';

/** Random values on a lattice of this many points a side, repeated; a power of two. */
const LATTICE = 64;
/** A mesh of the lattice is worked out at so many places a side at least; between them values are linear, to 2 % of its range. */
const LEAST_PLACES = 6;

/**
 * Value noise: random numbers on a lattice of `scalePx`, joined by smoothstep (Perlin 1985 describes the family), row by
 * row, in [0, 1] with mean 0.5. `octaves` adds finer copies, each of half the scale and half the weight.
 * @param window where it is wanted, within the plane; 0 elsewhere
 */
export function noisePlane(
  random: Random,
  width: number,
  height: number,
  scalePx: number,
  octaves = 1,
  window: Box = { x: 0, y: 0, width, height },
): Float32Array {
  const out = new Float32Array(width * height);
  const coarse: Octave[] = [];
  const fine: Octave[] = [];
  let scale = scalePx;
  // The weights 1, 1/2, 1/4, ... sum to 1.
  let weight = (1 << (octaves - 1)) / ((1 << octaves) - 1);
  for (let octave = 0; octave < octaves; octave++) {
    (scale < 2 * LEAST_PLACES ? fine : coarse).push(drawOctave(random, width, height, scale, weight));
    scale /= 2;
    weight /= 2;
  }
  if (coarse.length > 0) addCoarsely(out, width, window, coarse);
  if (fine.length > 0) addFinely(out, width, window, fine);
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

/** One octave: its lattice, and where on it the plane's pixels lie. */
interface Octave {
  readonly lattice: Float32Array;
  readonly scalePx: number;
  /** The lattice's coordinates of the plane's first pixel, and what they grow by along a row. */
  readonly u: number;
  readonly v: number;
  readonly stepU: number;
  readonly stepV: number;
}

function drawOctave(random: Random, width: number, height: number, scalePx: number, weight: number): Octave {
  const lattice = new Float32Array(LATTICE * LATTICE);
  for (let i = 0; i < lattice.length; i++) lattice[i] = random.uniform() * weight;
  // Far enough from 0 that truncation rounds down all over the plane: cheaper than Math.floor.
  const far = LATTICE * Math.ceil((2 * (width + height + 2 * scalePx)) / scalePx / LATTICE);
  const u = far + random.uniform() * LATTICE;
  const v = far + random.uniform() * LATTICE;
  // The lattice lies askew, or its rows and columns would show in the picture.
  const angle = random.range(0, Math.PI / 2);
  return { lattice, scalePx, u, v, stepU: cos(angle) / scalePx, stepV: sin(angle) / scalePx };
}

/** Adds octaves within the window, worked out at every pixel. */
function addFinely(out: Float32Array, width: number, window: Box, octaves: readonly Octave[]): void {
  const values = new Float32Array(window.width);
  for (let y = window.y; y < window.y + window.height; y++) {
    values.fill(0);
    for (const octave of octaves) addRow(values, octave, window.x, y, 1);
    const begin = y * width + window.x;
    for (let x = 0; x < values.length; x++) out[begin + x] += values[x];
  }
}

/** Adds octaves with large meshes within the window, worked out every few pixels, and linear between them. */
function addCoarsely(out: Float32Array, width: number, window: Box, octaves: readonly Octave[]): void {
  const finestPx = octaves[octaves.length - 1].scalePx;
  let step = 2;
  while (finestPx / (2 * step) >= LEAST_PLACES) step *= 2;
  const places = Math.ceil(window.width / step) + 1;
  const end = window.y + window.height;
  const mixed = new Float32Array(places);
  let above = new Float32Array(places);
  let below = new Float32Array(places);
  const fill = (row: Float32Array, y: number) => {
    row.fill(0);
    for (const octave of octaves) addRow(row, octave, window.x, y, step);
  };
  fill(below, window.y);
  for (let top = window.y; top < end; top += step) {
    [above, below] = [below, above];
    fill(below, top + step);
    for (let y = top; y < Math.min(end, top + step); y++) {
      const share = (y - top) / step;
      for (let k = 0; k < places; k++) mixed[k] = above[k] + (below[k] - above[k]) * share;
      addStretched(out, y * width + window.x, window.width, mixed, step);
    }
  }
}

/** Adds `values`, which lie `step` pixels apart, to a row of `count` pixels, linear between them. */
function addStretched(
  out: Float32Array,
  begin: number,
  count: number,
  values: Float32Array,
  step: number,
): void {
  const share = 1 / step;
  for (let c = 0, x = 0; x < count; c++) {
    let value = values[c];
    const rise = (values[c + 1] - value) * share;
    for (const end = Math.min(count, x + step); x < end; x++) {
      out[begin + x] += value;
      value += rise;
    }
  }
}

/** Adds an octave's values to a row, from pixel (x, y) on, `step` pixels apart. */
function addRow(row: Float32Array, octave: Octave, x: number, y: number, step: number): void {
  const { lattice } = octave;
  const stepU = octave.stepU * step;
  const stepV = octave.stepV * step;
  let u = octave.u + x * octave.stepU - y * octave.stepV;
  let v = octave.v + x * octave.stepV + y * octave.stepU;
  // A mesh of the lattice spans several places of a row: its corners are read once.
  let column = -1;
  let line = -1;
  let upperLeft = 0;
  let upperRise = 0;
  let lowerLeft = 0;
  let lowerRise = 0;
  for (let k = 0; k < row.length; k++, u += stepU, v += stepV) {
    const nextColumn = u | 0;
    const nextLine = v | 0;
    if (nextColumn !== column || nextLine !== line) {
      column = nextColumn;
      line = nextLine;
      const left = column & (LATTICE - 1);
      const right = (column + 1) & (LATTICE - 1);
      const top = (line & (LATTICE - 1)) * LATTICE;
      const bottom = ((line + 1) & (LATTICE - 1)) * LATTICE;
      upperLeft = lattice[top + left];
      upperRise = lattice[top + right] - upperLeft;
      lowerLeft = lattice[bottom + left];
      lowerRise = lattice[bottom + right] - lowerLeft;
    }
    const blendX = smoothstep(u - column);
    const upper = upperLeft + upperRise * blendX;
    const lower = lowerLeft + lowerRise * blendX;
    row[k] += upper + (lower - upper) * smoothstep(v - line);
  }
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t);
}
