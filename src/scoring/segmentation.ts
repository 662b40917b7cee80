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
  readonly f1_60: number;
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

/** Counts image after image, so that only one image's masks need be in memory. */
export interface SegmentationTally {
  /** How the predicted and true cells of one image overlap. */
  add(overlaps: Overlaps): void;
  /** Images added so far. */
  readonly images: number;
  /** `imageWeights` counts the i-th image that many times (for a bootstrap over images); 1 each where absent. */
  scores(imageWeights?: ArrayLike<number>): SegmentationScores;
}

const IOUS = [0.5, 0.6, 0.75];

/** What one image adds to the counts. */
interface ImageCounts {
  readonly truthCells: number;
  readonly predictedCells: number;
  /** Pairs at each of `IOUS`. */
  readonly matched: readonly number[];
  /** Sum of the pairs' IoU at 0.5. */
  readonly iouSum: number;
  readonly split: number;
  readonly merged: number;
}

export function createSegmentationTally(): SegmentationTally {
  const counts: ImageCounts[] = [];
  return {
    get images() {
      return counts.length;
    },
    add(overlaps) {
      const matches = IOUS.map((iou) => matchOverlaps(overlaps, iou));
      counts.push({
        truthCells: overlaps.truthAreas.length,
        predictedCells: overlaps.predictedAreas.length,
        matched: matches.map(({ tp }) => tp),
        iouSum: matches[0].pairs.reduce((sum, { iou }) => sum + iou, 0),
        ...countSplits(overlaps),
      });
    },
    scores(imageWeights) {
      const total = (value: (image: ImageCounts) => number) =>
        counts.reduce((sum, image, i) => sum + value(image) * (imageWeights?.[i] ?? 1), 0);
      const truthCells = total((image) => image.truthCells);
      const predictedCells = total((image) => image.predictedCells);
      const [tp50, tp60, tp75] = IOUS.map((_, i) => total((image) => image.matched[i]));
      const cells = truthCells + predictedCells;
      return {
        ap50: tp50 / (cells - tp50),
        ap60: tp60 / (cells - tp60),
        ap75: tp75 / (cells - tp75),
        f1_50: (2 * tp50) / cells,
        f1_60: (2 * tp60) / cells,
        f1_75: (2 * tp75) / cells,
        panopticQuality: (2 * total((image) => image.iouSum)) / cells,
        oversegmented: total((image) => image.split) / truthCells,
        undersegmented: total((image) => image.merged) / predictedCells,
        images: total(() => 1),
        truthCells,
        predictedCells,
      };
    },
  };
}

/** Scores of several images at once. Throws RangeError when a truth and its prediction differ in size. */
export function segmentationScores(
  images: Iterable<{ readonly truth: LabelImage; readonly predicted: LabelImage }>,
): SegmentationScores {
  const tally = createSegmentationTally();
  for (const { truth, predicted } of images) tally.add(overlapsOfLabels(predicted, truth));
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
