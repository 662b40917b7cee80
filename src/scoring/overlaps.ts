import type { LabelImage } from '../imaging/index.js';
import { checkSameSize, type Rle, spanIntersection, spansOfMasks } from '../masks/index.js';

/** How the predicted and the true instances of one image overlap. */
export interface Overlaps {
  /** Pixels of each predicted instance. */
  readonly predictedAreas: Uint32Array;
  /** Pixels of each true instance. */
  readonly truthAreas: Uint32Array;
  /** Pixels that predicted p and true t share, at `p * truthAreas.length + t`. */
  readonly common: Uint32Array;
  /** Intersection over union of predicted p and true t at `p * truthAreas.length + t`. */
  readonly iou: Float64Array;
}

/**
 * Overlaps of masks, which may overlap each other; indices are those of the arrays.
 * @throws RangeError when masks differ in size
 */
export function overlapsOfMasks(predicted: readonly Rle[], truth: readonly Rle[]): Overlaps {
  const masks = [...predicted, ...truth];
  for (const mask of masks) checkSameSize('overlapsOfMasks', masks[0], mask);
  const spans = spansOfMasks(masks);
  const predictedAreas = spans.areas.slice(0, predicted.length);
  const truthAreas = spans.areas.slice(predicted.length);
  const common = new Uint32Array(predicted.length * truth.length);
  for (let p = 0, at = 0; p < predicted.length; p++) {
    for (let t = 0; t < truth.length; t++, at++)
      common[at] = spanIntersection(spans, p, predicted.length + t);
  }
  return { predictedAreas, truthAreas, common, iou: iouOf(common, predictedAreas, truthAreas) };
}

/** Overlaps of the instances of two label images, with the label of each index, ascending. */
export interface LabelOverlaps extends Overlaps {
  readonly predictedLabels: number[];
  readonly truthLabels: number[];
}

/**
 * Overlaps of two label images in one pass over the pixels.
 * @throws RangeError when the images differ in size
 */
export function overlapsOfLabels(predicted: LabelImage, truth: LabelImage): LabelOverlaps {
  if (predicted.width !== truth.width || predicted.height !== truth.height) {
    throw new RangeError(
      `overlapsOfLabels: truth is ${truth.width}x${truth.height}, prediction ${predicted.width}x${predicted.height}`,
    );
  }
  const predictedIndex = indexLabels(predicted.data);
  const truthIndex = indexLabels(truth.data);
  const columns = truthIndex.labels.length;
  const predictedAreas = new Uint32Array(predictedIndex.labels.length);
  const truthAreas = new Uint32Array(columns);
  const common = new Uint32Array(predictedAreas.length * columns);
  // Pixels come in runs of one pair of labels: look the pair up only where it changes.
  let lastPredicted = 0;
  let lastTruth = 0;
  let run = 0;
  const count = () => {
    const p = predictedIndex.indexOf.get(lastPredicted);
    const t = truthIndex.indexOf.get(lastTruth);
    if (p !== undefined) predictedAreas[p] += run;
    if (t !== undefined) truthAreas[t] += run;
    if (p !== undefined && t !== undefined) common[p * columns + t] += run;
    run = 0;
  };
  for (let i = 0; i < truth.data.length; i++) {
    if (predicted.data[i] !== lastPredicted || truth.data[i] !== lastTruth) {
      count();
      lastPredicted = predicted.data[i];
      lastTruth = truth.data[i];
    }
    run++;
  }
  count();
  return {
    predictedAreas,
    truthAreas,
    common,
    iou: iouOf(common, predictedAreas, truthAreas),
    predictedLabels: predictedIndex.labels,
    truthLabels: truthIndex.labels,
  };
}

function indexLabels(data: Int32Array): { labels: number[]; indexOf: Map<number, number> } {
  const found = new Set<number>();
  let last = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === last) continue;
    last = data[i];
    if (last !== 0) found.add(last);
  }
  const labels = [...found].sort((a, b) => a - b);
  return { labels, indexOf: new Map(labels.map((label, index) => [label, index])) };
}

function iouOf(common: Uint32Array, predictedAreas: Uint32Array, truthAreas: Uint32Array): Float64Array {
  const iou = new Float64Array(common.length);
  for (let p = 0, at = 0; p < predictedAreas.length; p++) {
    for (let t = 0; t < truthAreas.length; t++, at++) {
      // One division of whole numbers gives the nearest double: an IoU of exactly 3/5 equals the literal 0.6.
      if (common[at] > 0) iou[at] = common[at] / (predictedAreas[p] + truthAreas[t] - common[at]);
    }
  }
  return iou;
}
