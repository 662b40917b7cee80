import { LOCATIONS } from '../common/index.js';
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

/** Rows of numbers, one after the other. */
export function joinRows(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    joined.set(row, at);
    at += row.length;
  }
  return joined;
}
