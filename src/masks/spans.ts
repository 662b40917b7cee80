import type { Rle } from './rle.js';

/**
 * Masks of one size made ready to be compared with many others: their set runs as positions down the columns. All lie in
 * one array, since memory for each mask would take as long to get as to fill.
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

/** Spans of masks; runs without a pixel are left out. */
export function spansOfMasks(masks: readonly Rle[]): MaskSpans {
  const bounds = new Uint32Array(masks.reduce((sum, { counts }) => sum + counts.length, 0));
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
  return { bounds, offsets, areas, tops, bottoms };
}

/** Number of pixels that mask `maskA` of `a` shares with mask `maskB` of `b`; all masks must have one size. */
export function spanIntersection(a: MaskSpans, maskA: number, b: MaskSpans, maskB: number): number {
  if (a.tops[maskA] >= b.bottoms[maskB] || b.tops[maskB] >= a.bottoms[maskA]) return 0;
  const boundsA = a.bounds;
  const boundsB = b.bounds;
  const endOfA = a.offsets[maskA + 1];
  const endOfB = b.offsets[maskB + 1];
  let atA = a.offsets[maskA];
  let atB = b.offsets[maskB];
  if (boundsA[endOfA - 1] <= boundsB[atB] || boundsB[endOfB - 1] <= boundsA[atA]) return 0;
  const firstA = boundsA[atA];
  atA = firstEndingAfter(boundsA, atA, endOfA, boundsB[atB]);
  atB = firstEndingAfter(boundsB, atB, endOfB, firstA);
  let common = 0;
  while (atA < endOfA && atB < endOfB) {
    const endA = boundsA[atA + 1];
    const endB = boundsB[atB + 1];
    const shared = Math.min(endA, endB) - Math.max(boundsA[atA], boundsB[atB]);
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
