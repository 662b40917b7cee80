import type { Boxes } from './boxes.js';

/** What anchors there are at each place of each level's map. */
export interface AnchorPlan {
  /** Pixels of the input for one pixel of each level's map, finest first. */
  readonly strides: readonly number[];
  /** Side of the level's square anchors in pixels. */
  readonly sizes: readonly number[];
  /** Height over width; the area stays. */
  readonly ratios: readonly number[];
}

/** Ratios of the paper (Ren et al. 2015), torchvision and Detectron2. */
export const ANCHOR_RATIOS = [0.5, 1, 2] as const;

/**
 * The anchors of an input of the given size (a multiple of every stride), level by level, ratio by ratio, row by row: the
 * order in which the network's flattened maps speak of them. As torchvision's `AnchorGenerator`: corners of the anchor at
 * (0, 0) are rounded (halves to even), and the others shifted by whole strides.
 */
export function placeAnchors({ strides, sizes, ratios }: AnchorPlan, width: number, height: number): Boxes {
  const counts = strides.map((stride) => ratios.length * (width / stride) * (height / stride));
  const boxes = new Float32Array(4 * counts.reduce((a, b) => a + b, 0));
  let at = 0;
  strides.forEach((stride, level) => {
    for (const ratio of ratios) {
      const halfWidth = roundHalfToEven(sizes[level] / Math.sqrt(ratio) / 2);
      const halfHeight = roundHalfToEven((sizes[level] * Math.sqrt(ratio)) / 2);
      for (let y = 0; y < height; y += stride) {
        for (let x = 0; x < width; x += stride, at += 4) {
          boxes[at] = x - halfWidth;
          boxes[at + 1] = y - halfHeight;
          boxes[at + 2] = x + halfWidth;
          boxes[at + 3] = y + halfHeight;
        }
      }
    }
  });
  return boxes;
}

function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** For each level, where its anchors begin in `placeAnchors`, and last where they end. */
export function anchorOffsets({ strides, ratios }: AnchorPlan, width: number, height: number): number[] {
  const offsets = [0];
  strides.forEach((stride, level) => {
    offsets.push(offsets[level] + ratios.length * (width / stride) * (height / stride));
  });
  return offsets;
}
