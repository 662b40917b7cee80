import type { LabelImage } from './plane.js';

/**
 * Connected components of the set pixels, numbered 1, 2, ... in the raster order of their first pixel.
 * Runs of set pixels are joined with those of the row above by union-find, so the cost hardly depends on the shapes.
 * @param mask width x height, 0 = background
 * @param connectivity 4: pixels that share an edge; 8: an edge or a corner
 */
export function labelComponents(
  mask: Uint8Array,
  width: number,
  height: number,
  connectivity: 4 | 8 = 8,
): LabelImage {
  const starts: number[] = [];
  const ends: number[] = [];
  const parents: number[] = [];
  const reach = connectivity === 8 ? 1 : 0;
  let aboveBegin = 0;
  for (let y = 0; y < height; y++) {
    const begin = starts.length;
    const row = y * width;
    let above = aboveBegin;
    for (let x = 0; x < width; x++) {
      if (mask[row + x] === 0) continue;
      const start = x;
      while (x < width && mask[row + x] !== 0) x++;
      const run = starts.length;
      starts.push(row + start);
      ends.push(row + x);
      parents.push(run);
      const shifted = row - width;
      while (above < begin && ends[above] + reach <= shifted + start) above++;
      for (let k = above; k < begin && starts[k] < shifted + x + reach; k++) join(parents, k, run);
    }
    aboveBegin = begin;
  }
  return { width, height, data: paintRuns(starts, ends, parents, width * height) };
}

function paintRuns(starts: number[], ends: number[], parents: number[], size: number): Int32Array {
  const data = new Int32Array(size);
  const numbers = new Int32Array(starts.length);
  let count = 0;
  for (let run = 0; run < starts.length; run++) {
    const root = find(parents, run);
    if (numbers[root] === 0) numbers[root] = ++count;
    data.fill(numbers[root], starts[run], ends[run]);
  }
  return data;
}

function find(parents: number[], run: number): number {
  let root = run;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root]];
    root = parents[root];
  }
  return root;
}

/** The earlier run becomes the root, which keeps numbers in raster order. */
function join(parents: number[], a: number, b: number): void {
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}
