import type { LabelImage } from '../imaging/index.js';
import { type Overlaps, overlapsOfLabels } from './overlaps.js';

/** A true and a predicted instance that were taken for the same cell. */
export interface InstancePair {
  readonly truth: number;
  readonly predicted: number;
  readonly iou: number;
}

/** Instances found (tp), invented (fp) and missed (fn); `pairs` holds the found ones. */
export interface InstanceMatch {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly pairs: readonly InstancePair[];
}

/**
 * Pairs the cells of two label images of one size whose IoU is at least `iou`, one to one; `pairs` holds labels. Above
 * 0.5 a cell has at most one partner, so there is no choice; from 0.5 down the greatest IoU is taken first, equal ones
 * by lower truth label, then lower predicted label.
 * @throws RangeError when the images differ in size, or `iou` is not in (0, 1]
 */
export function matchInstances(truth: LabelImage, predicted: LabelImage, iou: number): InstanceMatch {
  const overlaps = overlapsOfLabels(predicted, truth);
  const match = matchOverlaps(overlaps, iou);
  const pairs = match.pairs.map((pair) => ({
    truth: overlaps.truthLabels[pair.truth],
    predicted: overlaps.predictedLabels[pair.predicted],
    iou: pair.iou,
  }));
  return { ...match, pairs };
}

/**
 * As `matchInstances`, from overlaps that are known already; `pairs` holds their indices. Masks that overlap each other
 * may leave a choice above 0.5 too: the rule is the same.
 */
export function matchOverlaps(
  { iou: ious, predictedAreas, truthAreas }: Overlaps,
  iou: number,
): InstanceMatch {
  if (!(iou > 0 && iou <= 1)) throw new RangeError(`matchInstances: iou must be in (0, 1], got ${iou}`);
  const candidates: InstancePair[] = [];
  for (let truth = 0; truth < truthAreas.length; truth++) {
    for (let predicted = 0; predicted < predictedAreas.length; predicted++) {
      const value = ious[predicted * truthAreas.length + truth];
      if (value >= iou) candidates.push({ truth, predicted, iou: value });
    }
  }
  // Stable: candidates of equal IoU stay in the order of truth, then predicted.
  candidates.sort((a, b) => b.iou - a.iou);
  const takenTruth = new Set<number>();
  const takenPredicted = new Set<number>();
  const pairs = candidates.filter(({ truth, predicted }) => {
    if (takenTruth.has(truth) || takenPredicted.has(predicted)) return false;
    takenTruth.add(truth);
    takenPredicted.add(predicted);
    return true;
  });
  const tp = pairs.length;
  return { tp, fp: predictedAreas.length - tp, fn: truthAreas.length - tp, pairs };
}
