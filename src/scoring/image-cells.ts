import type { Rle } from '../masks/index.js';
import type { Overlaps } from './overlaps.js';
import type { Detection, ScoredImage, TruthObject } from './scored-image.js';

/** A cell that is known to be there. */
export interface TrueCell {
  /** What its source calls it: a number of a label image, an annotation's id. */
  readonly name: string;
  readonly mask: Rle;
  /** Class ids; null where nobody knows them. */
  readonly locations: readonly number[] | null;
}

/** What is true of one image. */
export interface ImageTruth {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly cells: readonly TrueCell[];
  /** Classes that were looked for besides those of the cells; matters to mode `oid` only. */
  readonly verifiedClasses?: readonly number[];
}

/** What was predicted for one image; `instance` of a detection is an index into `masks`. */
export interface ImagePrediction {
  readonly masks: readonly Rle[];
  readonly detections: readonly Detection[];
}

/** A predicted cell that lies this much on a cell of unknown locations is neither right nor wrong. */
const SAME_CELL_IOU = 0.5;

/**
 * One image for the competition's metric: each true cell counts once for each of its locations. A cell whose locations
 * are null is not counted, nor are the detections of a predicted cell whose best true cell it is with an IoU of at
 * least 0.5.
 *
 * @param locations of each true instance of `overlaps`
 */
export function scoreCells(
  overlaps: Overlaps,
  locations: readonly (readonly number[] | null)[],
  detections: readonly Detection[],
): ScoredImage {
  const truth: TruthObject[] = [];
  locations.forEach((ids, instance) => {
    for (const classId of ids ?? []) truth.push({ instance, classId });
  });
  if (!locations.includes(null)) return { overlaps, truth, detections };
  const onUnknown = Array.from(overlaps.predictedAreas, (_, instance) => {
    const partner = bestPartner(overlaps, instance);
    return partner !== null && locations[partner] === null;
  });
  return { overlaps, truth, detections: detections.filter(({ instance }) => !onUnknown[instance]) };
}

/** The true cell that a predicted one overlaps most, if by at least 0.5. */
function bestPartner({ iou, truthAreas }: Overlaps, instance: number): number | null {
  let best: number | null = null;
  let bestIou = 0;
  for (let t = 0; t < truthAreas.length; t++) {
    const value = iou[instance * truthAreas.length + t];
    if (value >= SAME_CELL_IOU && value > bestIou) {
      best = t;
      bestIou = value;
    }
  }
  return best;
}
