import type { FloatPlane, LabelImage } from './plane.js';

/** Heights are compared after cutting them into this many equal steps. */
const LEVELS = 4096;

/**
 * Splits a landscape into the basins of those peaks that stand out: pixels are taken from the highest down, each joins
 * the basin of its highest neighbour, and where that meets another, `standsApart(lowerPeak, saddle)` says of the lower
 * of both whether it stays on its own or becomes part of the higher one. With the distance transform of a mask as height this splits
 * touching blobs at their necks: twice the saddle is the neck's width, twice the peak the blob's.
 *
 * Heights of 0 or less are background. Ties (equal in 4096 steps of the greatest height) go in raster order. Basins are
 * 8-connected and numbered 1, 2, ... from the highest peak down.
 */
export function splitLobes(
  height: FloatPlane,
  standsApart: (lowerPeak: number, saddle: number) => boolean,
): LabelImage {
  const { data, width } = height;
  const order = descendingOrder(data);
  const basins = new Int32Array(data.length);
  const peaks: number[] = [0];
  const parents: number[] = [0];
  const find = (basin: number) => {
    let root = basin;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  };
  const met = new Int32Array(8);
  for (let k = 0; k < order.length; k++) {
    const pixel = order[k];
    const x = pixel % width;
    let own = 0;
    let steepest = 0;
    let neighbours = 0;
    for (let dy = -width; dy <= width; dy += width) {
      for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
        const neighbour = pixel + dy + dx;
        // Outside the image this reads undefined, which counts as not taken yet.
        if (!basins[neighbour]) continue;
        const other = find(basins[neighbour]);
        met[neighbours++] = other;
        if (own === 0 || data[neighbour] > steepest) {
          own = other;
          steepest = data[neighbour];
        }
      }
    }
    // Others are joined with the pixel's own basin only: through this pixel they then hang together.
    for (let i = 0; i < neighbours; i++) {
      const other = find(met[i]);
      if (other === own) continue;
      // Basins are made from the highest peak down: the smaller number is the higher peak.
      const lower = Math.max(own, other);
      if (standsApart(peaks[lower], data[pixel])) continue;
      parents[lower] = Math.min(own, other);
      own = find(own);
    }
    if (own === 0) {
      own = peaks.length;
      peaks.push(data[pixel]);
      parents.push(own);
    }
    basins[pixel] = own;
  }
  const numbers = new Int32Array(peaks.length);
  let count = 0;
  for (let basin = 1; basin < peaks.length; basin++) if (parents[basin] === basin) numbers[basin] = ++count;
  for (let i = 0; i < basins.length; i++) if (basins[i] !== 0) basins[i] = numbers[find(basins[i])];
  return { width, height: height.height, data: basins };
}

/** Indices of the pixels above 0, the highest first; a counting sort. */
function descendingOrder(data: Float32Array): Int32Array {
  let top = 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] > top) top = data[i];
    if (data[i] > 0) count++;
  }
  const scale = LEVELS / top;
  const level = (value: number) => LEVELS - 1 - Math.min(LEVELS - 1, Math.floor(value * scale));
  const offsets = new Int32Array(LEVELS + 1);
  for (let i = 0; i < data.length; i++) if (data[i] > 0) offsets[level(data[i]) + 1]++;
  for (let k = 0; k < LEVELS; k++) offsets[k + 1] += offsets[k];
  const order = new Int32Array(count);
  for (let i = 0; i < data.length; i++) if (data[i] > 0) order[offsets[level(data[i])]++] = i;
  return order;
}
