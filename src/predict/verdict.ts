import { type LocationScores, NEGATIVE } from '../common/index.js';
import { type RankedLocation, rankLocations } from './summary.js';

/** Score from which a location counts as shown, where none is given. */
export const DEFAULT_THRESHOLD = 0.5;

/**
 * What can be said of a cell: `located` where its best location reaches the threshold, `negative` where that one is
 * Negative, `ambiguous` where none reaches it.
 */
export type Verdict = 'located' | 'negative' | 'ambiguous';

export interface CellVerdict {
  readonly verdict: Verdict;
  readonly top: RankedLocation;
  readonly runnerUp: RankedLocation;
}

/** A cell's best two locations, and what they allow to say. */
export function judgeCell(scores: LocationScores, threshold: number): CellVerdict {
  const [top, runnerUp] = rankLocations(scores);
  const verdict = top.score < threshold ? 'ambiguous' : top.location === NEGATIVE ? 'negative' : 'located';
  return { verdict, top, runnerUp };
}
