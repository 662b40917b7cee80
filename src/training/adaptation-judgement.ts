import { LOCATIONS, type LocationScores } from '../common/index.js';
import type { LastLayer } from '../networks/index.js';
import { adjustScores, averagePrecision, rankByScore, type ScoreAdjustment } from '../scoring/index.js';
import type { FieldCells } from './cells.js';
import { layerScores } from './last-layer.js';

/** How a classifier ranks the locations of one field. */
export interface FieldRanking {
  /** By class id: the mean over the field's cells, in [0, 1]. */
  readonly scores: readonly number[];
  /** Average precision of the field's labels in the ranking of the locations. */
  readonly averagePrecision: number;
  /** Whether the highest is one of its labels. */
  readonly firstIsTrue: boolean;
}

/** A labelled field as two classifiers rank it. */
export interface JudgedField {
  /** Folder and id. */
  readonly field: string;
  readonly cells: number;
  /** Its labels: class ids. */
  readonly locations: readonly number[];
  readonly before: FieldRanking;
  readonly after: FieldRanking;
}

/** One of the classifiers that are compared: its last layer, and what becomes of its scores. */
export interface JudgedClassifier extends ScoreAdjustment {
  readonly layer: LastLayer;
}

/**
 * Ranks the locations of a field by two classifiers of the same features, scores treated as in prediction.
 * @param turned features of the cells' crops, the turns of a cell one after the other (see `turnedFeatures`)
 */
export function judgeField(
  { key, cells, locations }: FieldCells,
  turned: Float32Array,
  { before, after }: { before: JudgedClassifier; after: JudgedClassifier },
): JudgedField {
  const rank = (classifier: JudgedClassifier) => {
    const own = cellScores(classifier.layer, turned, cells.length);
    return rankingOf(meanOfCells(adjustScores(own, classifier)), locations);
  };
  return { field: key, cells: cells.length, locations, before: rank(before), after: rank(after) };
}

function rankingOf(scores: readonly number[], locations: readonly number[]): FieldRanking {
  return {
    scores,
    averagePrecision: averagePrecision(
      scores,
      LOCATIONS.map((_, id) => (locations.includes(id) ? 1 : 0)),
    ),
    firstIsTrue: locations.includes(rankByScore(scores)[0]),
  };
}

/**
 * The scores of each of a field's cells, mean over its turns.
 * @param turned see `turnedFeatures`
 */
export function cellScores(layer: LastLayer, turned: Float32Array, cells: number): Float32Array[] {
  const scores = layerScores(layer, turned);
  const classes = LOCATIONS.length;
  const turns = scores.length / cells / classes;
  return Array.from({ length: cells }, (_, cell) =>
    Float32Array.from({ length: classes }, (_, id) => {
      let sum = 0;
      for (let turn = 0; turn < turns; turn++) sum += scores[(cell * turns + turn) * classes + id];
      return sum / turns;
    }),
  );
}

function meanOfCells(cells: readonly LocationScores[]): number[] {
  return LOCATIONS.map((_, id) => cells.reduce((sum, scores) => sum + scores[id], 0) / cells.length);
}
