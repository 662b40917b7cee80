import {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapByImage,
  bootstrapDifference,
  type EvaluationTally,
  type ImageStatistic,
} from '../scoring/index.js';
import type { Evaluation } from './evaluation.js';

/** The figures that get an interval; `mAP` only where locations are known. */
export interface HeadlineIntervals {
  readonly mAP: BootstrapInterval | null;
  /** F1 of the outlines at IoU 0.6. */
  readonly f1_60: BootstrapInterval;
}

const mAP = (scores: EvaluationTally) => (weights: ArrayLike<number>) => scores.competition(weights).mAP;
const f1 = (scores: EvaluationTally) => (weights: ArrayLike<number>) => scores.segmentation(weights).f1_60;

/** Bootstrap intervals by image (see `bootstrapByImage`). */
export function intervalsOf(
  { scores, knowsLocations }: Evaluation,
  options: BootstrapOptions,
): HeadlineIntervals {
  const images = scores.images.length;
  return {
    mAP: knowsLocations ? bootstrapByImage(images, mAP(scores), options) : null,
    f1_60: bootstrapByImage(images, f1(scores), options),
  };
}

/**
 * Intervals of the differences `a - b` of two models on the same images (see `bootstrapDifference`).
 * @throws RangeError where they were not scored on the same images
 */
export function differenceOf(a: Evaluation, b: Evaluation, options: BootstrapOptions): HeadlineIntervals {
  const ids = a.scores.images.map(({ id }) => id);
  const reorder = reordering(
    ids,
    b.scores.images.map(({ id }) => id),
  );
  const paired = (statistic: (scores: EvaluationTally) => ImageStatistic) =>
    bootstrapDifference(
      ids.length,
      statistic(a.scores),
      (weights) => statistic(b.scores)(reorder(weights)),
      options,
    );
  return { mAP: a.knowsLocations ? paired(mAP) : null, f1_60: paired(f1) };
}

/** Weights of the images `from` as weights of the same images in the order `to`. */
function reordering(from: readonly string[], to: readonly string[]): (weights: Uint32Array) => Uint32Array {
  const index = new Map(from.map((id, i) => [id, i]));
  const places = to.map((id) => index.get(id));
  if (places.length !== from.length || places.includes(undefined)) {
    throw new RangeError('differenceOf: the two evaluations are of different images');
  }
  return (weights) => Uint32Array.from(places, (place) => weights[place!]);
}
