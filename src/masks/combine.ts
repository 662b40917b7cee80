import type { Box } from '../imaging/index.js';
import { checkSameSize } from './measure.js';
import type { Rle } from './rle.js';
import { RunWriter } from './run-writer.js';

/** Pixels set in either mask. Throws RangeError when the masks differ in size. */
export function rleUnion(a: Rle, b: Rle): Rle {
  return combine('rleUnion', a, b, (inA, inB) => inA || inB);
}

/** Pixels set in both masks. Throws RangeError when the masks differ in size. */
export function rleOverlap(a: Rle, b: Rle): Rle {
  return combine('rleOverlap', a, b, (inA, inB) => inA && inB);
}

/** Pixels set in `a` but not in `b`. Throws RangeError when the masks differ in size. */
export function rleDifference(a: Rle, b: Rle): Rle {
  return combine('rleDifference', a, b, (inA, inB) => inA && !inB);
}

/**
 * The part of a mask inside a box, as a mask of the box's size. Where the box reaches beyond the mask nothing is set,
 * so a negative `x` or `y` and a larger size place a small mask into a large image.
 */
export function cropRle(rle: Rle, box: Box): Rle {
  const runs = new RunWriter();
  const left = Math.max(0, box.x);
  const right = Math.min(rle.width, box.x + box.width);
  const top = Math.max(0, box.y);
  const bottom = Math.min(rle.height, box.y + box.height);
  let position = 0;
  for (let run = 0; run < rle.counts.length; run++) {
    const end = position + rle.counts[run];
    if (run % 2 === 1 && top < bottom) {
      const first = Math.max(left, Math.floor(position / rle.height));
      const last = Math.min(right - 1, Math.floor((end - 1) / rle.height));
      for (let x = first; x <= last; x++) {
        const from = Math.max(top, position - x * rle.height);
        const to = Math.min(bottom, end - x * rle.height);
        const column = (x - box.x) * box.height - box.y;
        if (from < to) runs.set(column + from, column + to);
      }
    }
    position = end;
  }
  return { width: box.width, height: box.height, counts: runs.finish(box.width * box.height) };
}

function combine(operation: string, a: Rle, b: Rle, isSet: (inA: boolean, inB: boolean) => boolean): Rle {
  checkSameSize(operation, a, b);
  const runs = new RunWriter();
  const total = a.width * a.height;
  let runA = 0;
  let runB = 0;
  let endA = a.counts[0] ?? total;
  let endB = b.counts[0] ?? total;
  let position = 0;
  while (position < total) {
    while (endA <= position) endA += a.counts[++runA] ?? total;
    while (endB <= position) endB += b.counts[++runB] ?? total;
    const end = Math.min(endA, endB, total);
    if (isSet(runA % 2 === 1, runB % 2 === 1)) runs.set(position, end);
    position = end;
  }
  return { width: a.width, height: a.height, counts: runs.finish(total) };
}
