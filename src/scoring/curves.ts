import { rankByScore } from './average-precision.js';
import type { RankedDetections } from './competition.js';

/** Items with their truth as a ranking, best score first; `truth` holds what is positive (anything but 0). */
export function rankItems(scores: ArrayLike<number>, truth: ArrayLike<number>): RankedDetections {
  if (scores.length !== truth.length) {
    throw new RangeError(`rankItems: ${scores.length} scores for ${truth.length} items`);
  }
  const order = rankByScore(scores);
  const hits = Uint8Array.from(order, (i) => (truth[i] === 0 ? 0 : 1));
  return {
    scores: Float64Array.from(order, (i) => scores[i]),
    hits,
    truths: hits.reduce((sum, hit) => sum + hit, 0),
  };
}

/** What is reached by taking everything that scores at least `threshold`. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly precision: number;
  /** NaN where there is nothing to find. */
  readonly recall: number;
  /** 2 TP / (2 TP + FP + FN). */
  readonly f1: number;
}

/** The precision-recall curve: one point for each different score, highest threshold first. */
export function precisionRecallCurve({ scores, hits, truths }: RankedDetections): OperatingPoint[] {
  const points: OperatingPoint[] = [];
  let found = 0;
  for (let i = 0; i < hits.length; i++) {
    found += hits[i];
    if (i + 1 < hits.length && scores[i + 1] === scores[i]) continue;
    const taken = i + 1;
    points.push({
      threshold: scores[i],
      precision: found / taken,
      recall: truths === 0 ? Number.NaN : found / truths,
      f1: (2 * found) / (taken + truths),
    });
  }
  return points;
}

/** The point of the curve with the greatest F1, of equals the one with the highest threshold; null for no items. */
export function bestF1(ranked: RankedDetections): OperatingPoint | null {
  let best: OperatingPoint | null = null;
  for (const point of precisionRecallCurve(ranked)) if (best === null || point.f1 > best.f1) best = point;
  return best;
}
