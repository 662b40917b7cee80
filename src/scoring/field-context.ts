import { LOCATIONS, type LocationScores, NEGATIVE } from '../common/index.js';

/** How the cells of a field lend each other evidence; see `scoreInField`. */
export interface FieldContext {
  /** Exponent of the power mean over the cells: 1 is the mean, infinity the maximum. @default 4 */
  readonly power?: number;
}

/**
 * Chosen among 1, 2, 3, 4 and 6 by the mean AP on 100 synthetic fields with the classifier of the first slice; docs/weak-labels.md has what it
 * is worth on others. The mean overlooks what one cell of the field shows (a mitotic spindle), the maximum believes one error.
 */
const POWER = 4;

/**
 * A field's score of each location: the power mean of its cells' scores, in [0, 1]. No cells: all 0.
 * @param cells 19 scores each, in [0, 1]
 */
export function fieldScores(
  cells: readonly ArrayLike<number>[],
  { power = POWER }: FieldContext = {},
): LocationScores {
  const count = Math.max(1, cells.length);
  return Float32Array.from(LOCATIONS, (_, id) => {
    // The largest is taken out, so that small scores to a high power do not vanish.
    const largest = cells.reduce((most, cell) => Math.max(most, cell[id]), 0);
    if (largest === 0) return 0;
    const sum = cells.reduce((total, cell) => total + (cell[id] / largest) ** power, 0);
    return largest * (sum / count) ** (1 / power);
  });
}

/**
 * Cell scores in the light of their field, since one protein was stained in all of its cells: the geometric mean of the
 * cell's score s, the field's score F, and F relative to the field's strongest location R, that is (s F R)^(1/3). A location that no other
 * cell of the field shows falls, and so does one that another location of the field explains better. Competitors of 2021 multiplied cell and
 * image scores; R lifts locations whose scores are low everywhere. `Negative` stays as it is: what a cell lacks, others may show.
 *
 * @param cells 19 scores each, in [0, 1]
 * @returns as many, in [0, 1], in the order of the cells
 */
export function scoreInField(
  cells: readonly ArrayLike<number>[],
  context: FieldContext = {},
): LocationScores[] {
  const field = fieldScores(cells, context);
  const strongest = field.reduce((most, score, id) => (id === NEGATIVE ? most : Math.max(most, score)), 0);
  return cells.map((scores) =>
    Float32Array.from(LOCATIONS, (_, id) => {
      if (id === NEGATIVE) return scores[id];
      return strongest === 0 ? 0 : Math.cbrt(scores[id] * field[id] * (field[id] / strongest));
    }),
  );
}
