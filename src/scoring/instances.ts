import type { LabelImage } from '../imaging/index.js';
import { type LabelOverlaps, overlapsOfLabels } from './overlaps.js';

/** A true and a predicted instance that were taken for the same cell. */
export interface InstancePair {
  readonly truth: number;
  readonly predicted: number;
  readonly iou: number;
}

/** Instances found (tp), invented (fp) and missed (fn); `pairs` holds the labels of the found ones. */
export interface InstanceMatch {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly pairs: InstancePair[];
}

/**
 * Pairs the cells of two label images of one size whose IoU is at least `iou`, one to one. Above 0.5 a cell has at most
 * one partner, so there is no choice; from 0.5 down the greatest IoU is taken first, equal ones by lower truth label,
 * then lower predicted label.
 * @throws RangeError when the images differ in size, or `iou` is not in (0, 1]
 */
export function matchInstances(truth: LabelImage, predicted: LabelImage, iou: number): InstanceMatch {
  return matchOverlaps(overlapsOfLabels(predicted, truth), iou);
}

/** As `matchInstances`, from overlaps that are known already. */
export function matchOverlaps(overlaps: LabelOverlaps, iou: number): InstanceMatch {
  if (!(iou > 0 && iou <= 1)) throw new RangeError(`matchInstances: iou must be in (0, 1], got ${iou}`);
  const { predictedLabels, truthLabels } = overlaps;
  const candidates: { p: number; t: number; iou: number }[] = [];
  for (let t = 0; t < truthLabels.length; t++) {
    for (let p = 0; p < predictedLabels.length; p++) {
      const value = overlaps.iou[p * truthLabels.length + t];
      if (value >= iou) candidates.push({ p, t, iou: value });
    }
  }
  // Stable: candidates of equal IoU stay in the order of truth, then predicted label.
  candidates.sort((a, b) => b.iou - a.iou);
  const takenTruth = new Set<number>();
  const takenPredicted = new Set<number>();
  const pairs: InstancePair[] = [];
  for (const { p, t, iou: value } of candidates) {
    if (takenTruth.has(t) || takenPredicted.has(p)) continue;
    takenTruth.add(t);
    takenPredicted.add(p);
    pairs.push({ truth: truthLabels[t], predicted: predictedLabels[p], iou: value });
  }
  const tp = pairs.length;
  return { tp, fp: predictedLabels.length - tp, fn: truthLabels.length - tp, pairs };
}
