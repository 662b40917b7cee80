import type { Box } from '../imaging/index.js';
import type { Rle } from './rle.js';

/** Number of set pixels. */
export function rleArea({ counts }: Rle): number {
  let area = 0;
  for (let run = 1; run < counts.length; run += 2) area += counts[run];
  return area;
}

/** The smallest box around the set pixels; all zero for an empty mask. */
export function rleBox({ height, counts }: Rle): Box {
  let left = Number.POSITIVE_INFINITY;
  let right = -1;
  let top = Number.POSITIVE_INFINITY;
  let bottom = -1;
  let position = 0;
  for (let run = 0; run < counts.length; run++) {
    const length = counts[run];
    if (run % 2 === 1 && length > 0) {
      const last = position + length - 1;
      const firstColumn = Math.floor(position / height);
      const lastColumn = Math.floor(last / height);
      if (left > firstColumn) left = firstColumn;
      if (right < lastColumn) right = lastColumn;
      if (firstColumn < lastColumn) {
        // A run that goes on in the next column touches the bottom of one and the top of the other.
        top = 0;
        bottom = height - 1;
      } else {
        top = Math.min(top, position - firstColumn * height);
        bottom = Math.max(bottom, last - firstColumn * height);
      }
    }
    position += length;
  }
  if (right < 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Whether two boxes share a pixel. */
export function boxesOverlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Number of pixels set in both masks, from their runs.
 * @throws RangeError when the masks differ in size
 */
export function rleIntersection(a: Rle, b: Rle): number {
  checkSameSize('rleIntersection', a, b);
  const countsA = a.counts;
  const countsB = b.counts;
  let runA = 0;
  let runB = 0;
  let endA = countsA[0] ?? 0;
  let endB = countsB[0] ?? 0;
  let position = 0;
  let common = 0;
  while (runA < countsA.length && runB < countsB.length) {
    const end = endA < endB ? endA : endB;
    if ((runA & runB & 1) === 1) common += end - position;
    position = end;
    if (endA === end) endA += countsA[++runA];
    if (endB === end) endB += countsB[++runB];
  }
  return common;
}

/** Intersection over union of two masks of one size; 0 where both are empty. */
export function rleIou(a: Rle, b: Rle): number {
  const common = rleIntersection(a, b);
  return common === 0 ? 0 : common / (rleArea(a) + rleArea(b) - common);
}

/** @throws RangeError */
export function checkSameSize(operation: string, a: Rle, b: Rle): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new RangeError(
    `${operation}: masks must have one size, got ${a.width}x${a.height} and ${b.width}x${b.height}`,
  );
}
