import type { LabelOverlaps } from './overlaps.js';
import type { Detection, ScoredImage, TruthObject } from './scored-image.js';

/** A predicted cell that lies this much on a cell of unknown locations is neither right nor wrong. */
const SAME_CELL_IOU = 0.5;

/**
 * One image for the competition's metric, from label images: each true cell counts once for each of its locations, each
 * predicted cell once for each of its scores (by class id).
 *
 * `truth` and `scores` go by the labels of the images. A true cell without an entry, or with null, has unknown
 * locations: it is not counted, nor is a predicted cell whose best true cell it is with an IoU of at least 0.5. A
 * predicted cell without scores gives no detections.
 */
export function scoreLabelledCells(
  overlaps: LabelOverlaps,
  truth: ReadonlyMap<number, readonly number[] | null>,
  scores: ReadonlyMap<number, ArrayLike<number>>,
): ScoredImage {
  const { truthLabels, predictedLabels } = overlaps;
  const known = truthLabels.map((label) => truth.get(label) ?? null);
  const objects: TruthObject[] = [];
  known.forEach((locations, instance) => {
    for (const classId of locations ?? []) objects.push({ instance, classId });
  });
  const detections: Detection[] = [];
  predictedLabels.forEach((label, instance) => {
    const ofCell = scores.get(label);
    if (ofCell === undefined) return;
    const partner = bestPartner(overlaps, instance);
    if (partner !== null && known[partner] === null) return;
    for (let classId = 0; classId < ofCell.length; classId++) {
      detections.push({ instance, classId, score: ofCell[classId] });
    }
  });
  return { overlaps, truth: objects, detections };
}

/** The true cell that a predicted one overlaps most, if by at least 0.5. */
function bestPartner({ iou, truthLabels }: LabelOverlaps, instance: number): number | null {
  let best: number | null = null;
  let bestIou = 0;
  for (let t = 0; t < truthLabels.length; t++) {
    const value = iou[instance * truthLabels.length + t];
    if (value >= SAME_CELL_IOU && value > bestIou) {
      best = t;
      bestIou = value;
    }
  }
  return best;
}
