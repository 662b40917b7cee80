import { encodeMask } from '../../src/masks/index.js';
import { type Detection, overlapsOfMasks, type ScoredImage } from '../../src/scoring/index.js';

/** Top, left, bottom, right; half open. An empty rectangle is an empty mask. */
export type Rectangle = readonly [y0: number, x0: number, y1: number, x1: number];
export type TruthRectangle = readonly [classId: number, rectangle: Rectangle];
export type DetectedRectangle = readonly [classId: number, score: number, rectangle: Rectangle];

export const EMPTY: Rectangle = [0, 0, 0, 0];

export function rectangleMask([y0, x0, y1, x1]: Rectangle, size = 20): Uint8Array {
  const mask = new Uint8Array(size * size);
  for (let y = y0; y < y1; y++) mask.fill(1, y * size + x0, y * size + x1);
  return mask;
}

/** An image of rectangles, `size` px squared. */
export function rectangleImage(
  truth: TruthRectangle[],
  detections: DetectedRectangle[],
  size = 20,
): ScoredImage {
  const encode = (rectangle: Rectangle) => encodeMask(rectangleMask(rectangle, size), size, size);
  return {
    overlaps: overlapsOfMasks(
      detections.map(([, , rectangle]) => encode(rectangle)),
      truth.map(([, rectangle]) => encode(rectangle)),
    ),
    truth: truth.map(([classId], instance) => ({ instance, classId })),
    detections: detections.map(([classId, score], instance): Detection => ({ instance, classId, score })),
  };
}
