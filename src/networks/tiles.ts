import type { FloatPlane } from '../imaging/index.js';

/** Asks a network about one tile: planes one after the other, [channels, height, width], and back [outputs, height, width]. */
export type TileNetwork = (input: Float32Array, width: number, height: number) => Promise<Float32Array>;

export interface TileOptions {
  /** Number of output planes, each of the input's size. */
  readonly outputs: number;
  /** Widths and heights given to the network are `leastPx` and so many multiples of this more. */
  readonly multiplePx: number;
  /** @default multiplePx */
  readonly leastPx?: number;
  /** An output pixel depends on no input further away than this. */
  readonly haloPx: number;
  /** Largest width and height given to the network; smaller planes go in one piece. */
  readonly tilePx: number;
  /** Every tile has the size `tilePx`, also where the planes are smaller: for networks of one fixed size. @default false */
  readonly fixed?: boolean;
}

/** Neighbouring tiles are mixed over this much beyond what their halos take, so that a network that sees further leaves no seam. */
const BLEND_PX = 32;

/**
 * Runs a fully convolutional network over planes of any size. Planes are mirrored up to a multiple of `multiplePx`; what does
 * not fit into one tile is cut into tiles that overlap by twice the halo and a little more, where their results are
 * mixed linearly. With a true `haloPx` the result does not depend on the tile's size except at rounding: tiles begin at
 * multiples of `multiplePx`, so pooling falls on the same pixels.
 */
export async function runTiled(
  network: TileNetwork,
  planes: readonly FloatPlane[],
  options: TileOptions,
): Promise<FloatPlane[]> {
  const [{ width, height }] = planes;
  const across = planAxis(width, options);
  const down = planAxis(height, options);
  const sums = Array.from({ length: options.outputs }, () => new Float32Array(width * height));
  for (const row of down.tiles) {
    for (const column of across.tiles) {
      const input = cutTile(planes, column, row);
      const output = await network(input, column.length, row.length);
      sums.forEach((sum, k) => {
        addTile(sum, width, height, output.subarray(k * column.length * row.length), column, row);
      });
    }
  }
  for (const sum of sums) {
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) sum[i] /= across.total[x] * down.total[y];
  }
  return sums.map((data) => ({ width, height, bitDepth: 32, data }));
}

/** A tile's part of one axis: where it begins, how long it is, and the weight of each of its pixels. */
interface AxisTile {
  readonly start: number;
  readonly length: number;
  readonly weights: Float32Array;
}

interface AxisPlan {
  readonly tiles: readonly AxisTile[];
  /** Sum of the weights at each pixel. */
  readonly total: Float32Array;
}

function planAxis(
  size: number,
  { multiplePx, leastPx = multiplePx, haloPx, tilePx, fixed }: TileOptions,
): AxisPlan {
  const up = (length: number) =>
    leastPx + Math.max(0, Math.ceil((length - leastPx) / multiplePx)) * multiplePx;
  const whole = up(size);
  const largest = up(Math.max(tilePx, 2 * haloPx + BLEND_PX + multiplePx));
  const length = fixed ? tilePx : Math.min(whole, largest);
  const starts = [0];
  // A halo of half the tile and more would leave nothing: such a network's tiles cannot agree, and as much as fits is taken.
  const halo = Math.max(0, Math.min(haloPx, (length - BLEND_PX - multiplePx) / 2));
  const step = Math.max(multiplePx, Math.floor((length - 2 * halo - BLEND_PX) / multiplePx) * multiplePx);
  while (starts[starts.length - 1] + length < whole) {
    starts.push(Math.min(starts[starts.length - 1] + step, whole - length));
  }
  const tiles = starts.map((start, k) => ({
    start,
    length,
    weights: axisWeights(length, halo, k > 0, k < starts.length - 1),
  }));
  const total = new Float32Array(size);
  for (const { start, weights } of tiles)
    for (let i = 0; i < length && start + i < size; i++) total[start + i] += weights[i];
  return { tiles, total };
}

/** 1 in the middle, falling to 0 at the halo of a side with a neighbour. */
function axisWeights(length: number, haloPx: number, before: boolean, after: boolean): Float32Array {
  const weights = new Float32Array(length).fill(1);
  for (let i = 0; i < length; i++) {
    const fromStart = before ? (i + 0.5 - haloPx) / BLEND_PX : 1;
    const fromEnd = after ? (length - i - 0.5 - haloPx) / BLEND_PX : 1;
    weights[i] = Math.max(0, Math.min(1, fromStart, fromEnd));
  }
  return weights;
}

function cutTile(planes: readonly FloatPlane[], column: AxisTile, row: AxisTile): Float32Array {
  const area = column.length * row.length;
  const tile = new Float32Array(planes.length * area);
  planes.forEach(({ width, height, data }, c) => {
    for (let y = 0; y < row.length; y++) {
      const source = mirrored(row.start + y, height) * width;
      const target = c * area + y * column.length;
      const inside = Math.max(0, Math.min(column.length, width - column.start));
      tile.set(data.subarray(source + column.start, source + column.start + inside), target);
      for (let x = inside; x < column.length; x++)
        tile[target + x] = data[source + mirrored(column.start + x, width)];
    }
  });
  return tile;
}

/** Index mirrored at both ends with the edge repeated, as often as it takes. */
function mirrored(i: number, n: number): number {
  const folded = i % (2 * n);
  return folded < n ? folded : 2 * n - 1 - folded;
}

function addTile(
  sum: Float32Array,
  width: number,
  height: number,
  output: Float32Array,
  column: AxisTile,
  row: AxisTile,
): void {
  for (let y = 0; y < row.length && row.start + y < height; y++) {
    const weight = row.weights[y];
    if (weight === 0) continue;
    const target = (row.start + y) * width + column.start;
    for (let x = 0; x < column.length && column.start + x < width; x++) {
      sum[target + x] += weight * column.weights[x] * output[y * column.length + x];
    }
  }
}
