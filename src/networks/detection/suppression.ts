import { type Boxes, boxIou } from './boxes.js';

/**
 * Non-maximum suppression: indices of the boxes that are kept, best first (of equal scores the first). A box goes that
 * overlaps a better kept one by more than the threshold (greedy, as torchvision's `nms`).
 * @param groups boxes of different groups do not suppress each other @default all one group
 * @param most ends after so many @default all
 */
export function suppress(
  boxes: Boxes,
  scores: ArrayLike<number>,
  threshold: number,
  { groups, most = Number.POSITIVE_INFINITY }: { groups?: ArrayLike<number>; most?: number } = {},
): number[] {
  const kept: number[] = [];
  for (const index of bestFirst(scores)) {
    if (kept.length >= most) break;
    const covered = kept.some(
      (other) =>
        (groups === undefined || groups[other] === groups[index]) &&
        boxIou(boxes, index, boxes, other) > threshold,
    );
    if (!covered) kept.push(index);
  }
  return kept;
}

/** Indices by descending score, equal ones in their order. */
export function bestFirst(scores: ArrayLike<number>): number[] {
  return Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
}
