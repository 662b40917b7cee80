import type { Rle } from './rle.js';

/**
 * Masks of one size made ready to be compared with one another: their set runs as positions down the columns. Holds
 * until the next call of `spansOfMasks`: all are written into the same memory, as fresh memory for each image would set
 * off the collection of garbage again and again.
 */
export interface MaskSpans {
  /** Where each run begins and, at the next index, ends (without): mask after mask, ascending in each. */
  readonly bounds: Uint32Array;
  /** Where in `bounds` each mask begins, and at the end its length. */
  readonly offsets: Uint32Array;
  /** Pixels of each mask. */
  readonly areas: Uint32Array;
  /** Top row of each mask, and the row below its bottom. */
  readonly tops: Uint32Array;
  readonly bottoms: Uint32Array;
}

let memory = new Uint32Array(0);

/** Spans of masks; runs without a pixel are left out. */
export function spansOfMasks(masks: readonly Rle[]): MaskSpans {
  const room = masks.reduce((sum, { counts }) => sum + counts.length, 0);
  if (memory.length < room) memory = new Uint32Array(2 * room);
  const bounds = memory;
  const offsets = new Uint32Array(masks.length + 1);
  const areas = new Uint32Array(masks.length);
  const tops = new Uint32Array(masks.length);
  const bottoms = new Uint32Array(masks.length);
  let used = 0;
  for (let mask = 0; mask < masks.length; mask++) {
    const { height, counts } = masks[mask];
    offsets[mask] = used;
    let area = 0;
    let top = height;
    let bottom = 0;
    let columnStart = 0;
    let position = 0;
    for (let run = 1; run < counts.length; run += 2) {
      const start = position + counts[run - 1];
      const end = start + counts[run];
      position = end;
      if (start === end) continue;
      bounds[used] = start;
      bounds[used + 1] = end;
      used += 2;
      area += end - start;
      // Most runs begin in the next column: no division is needed to find theirs.
      if (start >= columnStart + height) columnStart += height;
      if (start >= columnStart + height) columnStart = Math.floor(start / height) * height;
      if (end > columnStart + height) {
        // A run that goes on in the next column touches the bottom of one and the top of the other.
        top = 0;
        bottom = height;
      } else {
        if (start - columnStart < top) top = start - columnStart;
        if (end - columnStart > bottom) bottom = end - columnStart;
      }
    }
    areas[mask] = area;
    tops[mask] = top;
    bottoms[mask] = bottom;
  }
  offsets[masks.length] = used;
  return { bounds: bounds.subarray(0, used), offsets, areas, tops, bottoms };
}

/** Number of pixels that masks `a` and `b` share. */
export function spanIntersection(
  { bounds, offsets, tops, bottoms }: MaskSpans,
  a: number,
  b: number,
): number {
  if (tops[a] >= bottoms[b] || tops[b] >= bottoms[a]) return 0;
  const endOfA = offsets[a + 1];
  const endOfB = offsets[b + 1];
  const firstOfA = bounds[offsets[a]];
  const firstOfB = bounds[offsets[b]];
  if (bounds[endOfA - 1] <= firstOfB || bounds[endOfB - 1] <= firstOfA) return 0;
  let atA = firstEndingAfter(bounds, offsets[a], endOfA, firstOfB);
  let atB = firstEndingAfter(bounds, offsets[b], endOfB, firstOfA);
  let common = 0;
  while (atA < endOfA && atB < endOfB) {
    const endA = bounds[atA + 1];
    const endB = bounds[atB + 1];
    const shared = Math.min(endA, endB) - Math.max(bounds[atA], bounds[atB]);
    if (shared > 0) common += shared;
    if (endA <= endB) atA += 2;
    if (endB <= endA) atB += 2;
  }
  return common;
}

/** Index of the first span, from `low` up to `high`, that ends after a position, by bisection. */
function firstEndingAfter(bounds: Uint32Array, low: number, high: number, position: number): number {
  while (low < high) {
    const middle = ((low + high) >> 2) << 1;
    if (bounds[middle + 1] <= position) low = middle + 2;
    else high = middle;
  }
  return low;
}
