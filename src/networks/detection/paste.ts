import type { Box } from '../../imaging/index.js';
import type { Detection } from './detector.js';

/** A cell's pixels within a box of whole pixels, row by row, 1 where it is set. */
export interface PastedMask {
  readonly box: Box;
  readonly mask: Uint8Array;
}

/**
 * A found cell's mask at another scale: bilinear between the bins' centres, 0 outside the box, set from 0.5 on (He et al.
 * 2017; pasting as Detectron2's).
 * @param scale pixels of the result for one of the detection's
 */
export function pasteMask(
  { box, mask, maskSize }: Detection,
  scale: { readonly x: number; readonly y: number },
  width: number,
  height: number,
): PastedMask {
  const left = box[0] * scale.x;
  const top = box[1] * scale.y;
  const binWidth = ((box[2] - box[0]) * scale.x) / maskSize;
  const binHeight = ((box[3] - box[1]) * scale.y) / maskSize;
  const x0 = Math.max(0, Math.floor(left));
  const y0 = Math.max(0, Math.floor(top));
  const x1 = Math.min(width, Math.ceil(box[2] * scale.x));
  const y1 = Math.min(height, Math.ceil(box[3] * scale.y));
  const pasted = {
    box: { x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) },
    mask: new Uint8Array(Math.max(0, x1 - x0) * Math.max(0, y1 - y0)),
  };
  const at = (u: number, v: number) =>
    u >= 0 && v >= 0 && u < maskSize && v < maskSize ? mask[v * maskSize + u] : 0;
  for (let y = y0, i = 0; y < y1; y++) {
    const v = (y + 0.5 - top) / binHeight - 0.5;
    const row = Math.floor(v);
    for (let x = x0; x < x1; x++, i++) {
      const u = (x + 0.5 - left) / binWidth - 0.5;
      const column = Math.floor(u);
      const upper = at(column, row) + (at(column + 1, row) - at(column, row)) * (u - column);
      const lower = at(column, row + 1) + (at(column + 1, row + 1) - at(column, row + 1)) * (u - column);
      if (upper + (lower - upper) * (v - row) >= 0.5) pasted.mask[i] = 1;
    }
  }
  return pasted;
}
