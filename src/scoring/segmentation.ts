import type { LabelImage } from '../imaging/index.js';
import { matchOverlaps } from './instances.js';
import { type Overlaps, overlapsOfLabels } from './overlaps.js';

/** How well cells were outlined, counted over all images together; NaN where there was neither truth nor prediction. */
export interface SegmentationScores {
  /** AP at an IoU: TP / (TP + FP + FN), as Cellpose and the Data Science Bowl 2018 define it. */
  readonly ap50: number;
  readonly ap60: number;
  readonly ap75: number;
  /** F1 at an IoU: 2 TP / (2 TP + FP + FN). */
  readonly f1_50: number;
  readonly f1_75: number;
  /** Panoptic quality (Kirillov et al. 2019): sum of the pairs' IoU at 0.5 / (TP + FP/2 + FN/2). */
  readonly panopticQuality: number;
  /** Share of true cells in which two or more predicted cells lie with more than half of their area. */
  readonly oversegmented: number;
  /** Share of predicted cells in which two or more true cells lie with more than half of their area. */
  readonly undersegmented: number;
  readonly images: number;
  /** Number of true and predicted cells. */
  readonly truthCells: number;
  readonly predictedCells: number;
}

/** Counts image after image, so that only one pair of label images need be in memory. */
export interface SegmentationTally {
  /** Throws RangeError when the images differ in size. */
  add(truth: LabelImage, predicted: LabelImage): void;
  scores(): SegmentationScores;
}

const IOUS = [0.5, 0.6, 0.75];

export function createSegmentationTally(): SegmentationTally {
  const matched = IOUS.map(() => 0);
  let iouSum = 0;
  let images = 0;
  let truthCells = 0;
  let predictedCells = 0;
  let split = 0;
  let merged = 0;
  return {
    add(truth, predicted) {
      const overlaps = overlapsOfLabels(predicted, truth);
      images++;
      truthCells += overlaps.truthLabels.length;
      predictedCells += overlaps.predictedLabels.length;
      IOUS.forEach((iou, i) => {
        const { tp, pairs } = matchOverlaps(overlaps, iou);
        matched[i] += tp;
        if (iou === 0.5) for (const pair of pairs) iouSum += pair.iou;
      });
      const counts = countSplits(overlaps);
      split += counts.split;
      merged += counts.merged;
    },
    scores() {
      const [tp50, tp60, tp75] = matched;
      const ap = (tp: number) => tp / (truthCells + predictedCells - tp);
      const f1 = (tp: number) => (2 * tp) / (truthCells + predictedCells);
      return {
        ap50: ap(tp50),
        ap60: ap(tp60),
        ap75: ap(tp75),
        f1_50: f1(tp50),
        f1_75: f1(tp75),
        panopticQuality: (2 * iouSum) / (truthCells + predictedCells),
        oversegmented: split / truthCells,
        undersegmented: merged / predictedCells,
        images,
        truthCells,
        predictedCells,
      };
    },
  };
}

/** Scores of several images at once. */
export function segmentationScores(
  images: Iterable<{ readonly truth: LabelImage; readonly predicted: LabelImage }>,
): SegmentationScores {
  const tally = createSegmentationTally();
  for (const { truth, predicted } of images) tally.add(truth, predicted);
  return tally.scores();
}

function countSplits({ common, predictedAreas, truthAreas }: Overlaps): {
  split: number;
  merged: number;
} {
  const insideTruth = new Uint32Array(truthAreas.length);
  const insidePredicted = new Uint32Array(predictedAreas.length);
  for (let p = 0; p < predictedAreas.length; p++) {
    for (let t = 0; t < truthAreas.length; t++) {
      const shared = common[p * truthAreas.length + t];
      if (shared > predictedAreas[p] / 2) insideTruth[t]++;
      if (shared > truthAreas[t] / 2) insidePredicted[p]++;
    }
  }
  return {
    split: insideTruth.filter((count) => count > 1).length,
    merged: insidePredicted.filter((count) => count > 1).length,
  };
}
