import { LOCATIONS } from '../common/index.js';
import type { Classifier } from '../networks/index.js';
import { averagePrecision, meanOfNumbers } from '../scoring/index.js';

/** How well cells are ranked: the average precision of each location, NaN where no cell shows it, and their mean. */
export interface RankingScores {
  readonly mAP: number;
  /** By class id. */
  readonly perLocation: readonly number[];
  /** Cells that show each location, by class id. */
  readonly positives: readonly number[];
  readonly cells: number;
}

/**
 * Scores a ranking of cells.
 * @param scores cells x 19
 * @param targets as many numbers, 0 where the cell does not show the location
 */
export function rankingScores(scores: Float32Array, targets: Float32Array): RankingScores {
  const classes = LOCATIONS.length;
  const cells = scores.length / classes;
  const column = (data: Float32Array, id: number) =>
    Float32Array.from({ length: cells }, (_, i) => data[i * classes + id]);
  const perLocation = LOCATIONS.map((_, id) => averagePrecision(column(scores, id), column(targets, id)));
  const positives = LOCATIONS.map((_, id) => column(targets, id).filter((value) => value !== 0).length);
  return { mAP: meanOfNumbers(perLocation), perLocation, positives, cells };
}

/** Scores of crops, `batchSize` at a time: count x 19. */
export async function classifyAll(
  classifier: Classifier,
  crops: Float32Array,
  count: number,
  batchSize = 32,
): Promise<Float32Array> {
  const length = crops.length / Math.max(1, count);
  const scores = new Float32Array(count * LOCATIONS.length);
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(count, start + batchSize);
    const part = await classifier.classify(crops.slice(start * length, end * length), end - start);
    scores.set(part, start * LOCATIONS.length);
  }
  return scores;
}
