import { boxesOverlap, type Rle, rleArea, rleBox } from '../masks/index.js';
import type { ImagePrediction, ImageTruth } from './image-cells.js';
import { matchOverlaps } from './instances.js';
import type { Overlaps } from './overlaps.js';

/** From this IoU on a predicted cell is taken for a true one, one to one. */
export const FOUND_IOU = 0.5;

/** What became of one true cell. */
export interface CellRecord {
  /** Which image, counted as they were added. */
  readonly image: number;
  readonly name: string;
  readonly areaPx: number;
  readonly touchesEdge: boolean;
  /** Other true cells of the image whose boxes overlap this one's: how crowded it lies. */
  readonly neighbours: number;
  /** With the predicted cell that was taken for it; 0 where it was not found. */
  readonly iou: number;
  /** Class ids, null where unknown. */
  readonly locations: readonly number[] | null;
  /** The found cell's scores by class id, 0 where it has no detection of a class; null where it was not found. */
  readonly scores: Float64Array | null;
}

/**
 * Records of an image's true cells, in their order.
 * @param overlaps of the prediction's masks with the truth's
 */
export function cellRecords(
  image: number,
  truth: ImageTruth,
  prediction: ImagePrediction,
  overlaps: Overlaps,
  classes: number,
): CellRecord[] {
  const boxes = truth.cells.map(({ mask }) => rleBox(mask));
  const partners = new Map(
    matchOverlaps(overlaps, FOUND_IOU).pairs.map((pair) => [pair.truth, pair] as const),
  );
  const scores = scoresByInstance(prediction, classes);
  return truth.cells.map(({ name, mask, locations }, index): CellRecord => {
    const pair = partners.get(index);
    return {
      image,
      name,
      areaPx: rleArea(mask),
      touchesEdge: touchesEdge(mask),
      neighbours: boxes.filter((box, other) => other !== index && boxesOverlap(box, boxes[index])).length,
      iou: pair?.iou ?? 0,
      locations,
      scores: pair === undefined ? null : scores[pair.predicted],
    };
  });
}

/** Scores of each mask by class id; of several detections of a class the greatest. */
function scoresByInstance({ masks, detections }: ImagePrediction, classes: number): Float64Array[] {
  const scores = masks.map(() => new Float64Array(classes));
  const seen = masks.map(() => new Uint8Array(classes));
  for (const { instance, classId, score } of detections) {
    if (seen[instance][classId] === 0 || score > scores[instance][classId]) scores[instance][classId] = score;
    seen[instance][classId] = 1;
  }
  return scores;
}

function touchesEdge(mask: Rle): boolean {
  const { x, y, width, height } = rleBox(mask);
  return x === 0 || y === 0 || x + width === mask.width || y + height === mask.height;
}

/** Classes that score at least the threshold. */
export function calledLocations(scores: ArrayLike<number>, threshold: number): number[] {
  return Array.from(scores, (_, classId) => classId).filter((classId) => scores[classId] >= threshold);
}
