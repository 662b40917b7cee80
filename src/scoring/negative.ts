import { LOCATIONS, type LocationScores, NEGATIVE } from '../common/index.js';

/**
 * Where the score of `Negative` comes from.
 *
 * - `own`: the network's.
 * - `least`: 1 - the highest of the others.
 * - `product`: the product of 1 - each of the others, as if they were independent.
 * - `geometric`: the geometric mean of the network's own and `least`: both must be high.
 */
export const NEGATIVE_SOURCES = ['own', 'least', 'product', 'geometric'] as const;
export type NegativeSource = (typeof NEGATIVE_SOURCES)[number];

/**
 * Scores with `Negative` worked out from the others: a cell shows nothing where it shows no place. The network alone learns little
 * of it: few images are labelled Negative, while in every image some cells show nothing and bear its label all the same.
 * @param scores 19 in [0, 1], as the network gives them for a cell: before `scoreInField`
 */
export function withNegativeFromOthers(scores: ArrayLike<number>, source: NegativeSource): LocationScores {
  const changed = Float32Array.from(scores);
  let largest = 0;
  let none = 1;
  for (let id = 0; id < LOCATIONS.length; id++) {
    if (id === NEGATIVE) continue;
    largest = Math.max(largest, scores[id]);
    none *= 1 - scores[id];
  }
  const values: Record<NegativeSource, number> = {
    own: scores[NEGATIVE],
    least: 1 - largest,
    product: none,
    geometric: Math.sqrt(scores[NEGATIVE] * (1 - largest)),
  };
  changed[NEGATIVE] = values[source];
  return changed;
}
