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
  const { starts, ends, roots } = findRuns(mask, width, height, connectivity, false);
  const data = new Int32Array(width * height);
  const numbers = new Int32Array(starts.length);
  let count = 0;
  for (let run = 0; run < starts.length; run++) {
    const root = roots[run];
    if (numbers[root] === 0) numbers[root] = ++count;
    data.fill(numbers[root], starts[run], ends[run]);
  }
  return { width, height, data };
}

/** Runs of pixels along rows, in raster order; those of one component have the same root, its first run. */
export interface Runs {
  /** Index of a run's first pixel, and of the one after its last. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly roots: Int32Array;
}

/** The runs of the set pixels, or of the `background`'s. */
export function findRuns(
  mask: Uint8Array,
  width: number,
  height: number,
  connectivity: 4 | 8,
  background: boolean,
): Runs {
  const starts: number[] = [];
  const ends: number[] = [];
  const parents: number[] = [];
  const reach = connectivity === 8 ? 1 : 0;
  let aboveBegin = 0;
  for (let y = 0; y < height; y++) {
    const begin = starts.length;
    const row = y * width;
    const next = row + width;
    let above = aboveBegin;
    for (let i = row; i < next; i++) {
      if ((mask[i] === 0) !== background) continue;
      const start = i;
      while (i < next && (mask[i] === 0) === background) i++;
      const run = starts.length;
      starts.push(start);
      ends.push(i);
      parents.push(run);
      while (above < begin && ends[above] + reach <= start - width) above++;
      for (let k = above; k < begin && starts[k] < i - width + reach; k++) join(parents, k, run);
    }
    aboveBegin = begin;
  }
  const roots = new Int32Array(parents.length);
  for (let run = 0; run < roots.length; run++) roots[run] = find(parents, run);
  return { starts, ends, roots };
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
