import { LOCATIONS, type LocationScores, NEGATIVE } from '../common/index.js';
import { fieldScores } from './field-context.js';
import { logit } from './score-calibration.js';

/**
 * Which locations a field shows, told from all of its cells: a logistic regression on `fieldEvidence`, learned from labels of
 * whole images, which are what such labels really say.
 */
export interface FieldModel {
  /** By class id, the weights of `fieldEvidence`. */
  readonly weights: readonly (readonly number[])[];
  /** By class id. */
  readonly offsets: readonly number[];
}

/** Share of a field's cells, the strongest, that one kind of evidence is the mean of. */
const STRONGEST = 0.25;

/** Numbers that `fieldEvidence` gives. */
export const FIELD_EVIDENCE = 4 * LOCATIONS.length;

/**
 * What the scores of a field's cells say together, 19 numbers each, one kind after the other: the logits of the mean, of the power mean
 * (see `fieldScores`) and of the mean of the strongest quarter, and the mean of the logits. All locations are there,
 * since one that looks like another has to be weighed against it.
 * @param cells 19 scores each, in [0, 1]; at least one cell
 */
export function fieldEvidence(cells: readonly ArrayLike<number>[]): Float32Array {
  const classes = LOCATIONS.length;
  const evidence = new Float32Array(FIELD_EVIDENCE);
  const power = fieldScores(cells);
  const strongest = Math.ceil(STRONGEST * cells.length);
  for (let id = 0; id < classes; id++) {
    const sorted = cells.map((scores) => scores[id]).sort((a, b) => b - a);
    evidence[id] = logit(mean(sorted));
    evidence[classes + id] = logit(power[id]);
    evidence[2 * classes + id] = logit(mean(sorted.slice(0, strongest)));
    evidence[3 * classes + id] = mean(sorted.map(logit));
  }
  return evidence;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How likely a field shows each location, in [0, 1]. */
export function likelyLocations(
  cells: readonly ArrayLike<number>[],
  { weights, offsets }: FieldModel,
): LocationScores {
  const evidence = fieldEvidence(cells);
  return Float32Array.from(LOCATIONS, (_, id) => {
    const z = weights[id].reduce((sum, weight, j) => sum + weight * evidence[j], offsets[id]);
    return 1 / (1 + Math.exp(-z));
  });
}

/**
 * Cell scores in the light of their field, as `scoreInField`, but by what was learned of fields: the cube root of s F^2 of the cell's
 * score s and the likelihood F that the field shows the location. `Negative` stays as it is: what a cell lacks, others may show.
 * @param cells 19 scores each, in [0, 1]
 * @returns as many, in [0, 1], in the order of the cells
 */
export function scoreByFieldModel(cells: readonly LocationScores[], model: FieldModel): LocationScores[] {
  if (cells.length === 0) return [];
  const likely = likelyLocations(cells, model);
  return cells.map((scores) =>
    Float32Array.from(scores, (score, id) => (id === NEGATIVE ? score : Math.cbrt(score * likely[id] ** 2))),
  );
}
