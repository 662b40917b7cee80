import { scoreCells } from './image-cells.js';
import type { LabelOverlaps } from './overlaps.js';
import type { Detection, ScoredImage } from './scored-image.js';

/**
 * One image for the competition's metric, from label images (see `scoreCells`): each predicted cell counts once for
 * each of its scores (by class id).
 *
 * `truth` and `scores` go by the labels of the images. A true cell without an entry, or with null, has unknown
 * locations. A predicted cell without scores gives no detections.
 */
export function scoreLabelledCells(
  overlaps: LabelOverlaps,
  truth: ReadonlyMap<number, readonly number[] | null>,
  scores: ReadonlyMap<number, ArrayLike<number>>,
): ScoredImage {
  const detections = overlaps.predictedLabels.flatMap((label, instance) =>
    Array.from(scores.get(label) ?? [], (score, classId): Detection => ({ instance, classId, score })),
  );
  const locations = overlaps.truthLabels.map((label) => truth.get(label) ?? null);
  return scoreCells(overlaps, locations, detections);
}
