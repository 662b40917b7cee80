import { LOCATIONS } from '../common/index.js';
import type { ClassifierMetadata, LastLayer } from '../networks/index.js';
import {
  averagePrecision,
  calibrateScores,
  rankByScore,
  type ScoreCalibration,
  scoreInField,
  withNegativeFromOthers,
} from '../scoring/index.js';
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

/** What differs between the two classifiers that are compared. */
export interface JudgedLayer {
  readonly layer: LastLayer;
  /** null: its scores are not calibrated. */
  readonly calibration: ScoreCalibration | null;
}

/**
 * Ranks the locations of a field by two last layers, scores treated as in prediction.
 * @param turned features of the cells' crops, the turns of a cell one after the other (see `turnedFeatures`)
 */
export function judgeField(
  metadata: ClassifierMetadata,
  { key, cells, locations }: FieldCells,
  turned: Float32Array,
  { before, after }: { before: JudgedLayer; after: JudgedLayer },
): JudgedField {
  const rank = ({ layer, calibration }: JudgedLayer) => {
    const scores = treated(metadata, meanOfTurns(layerScores(layer, turned), cells.length));
    const final = calibration === null ? scores : scores.map((cell) => calibrateScores(cell, calibration));
    return rankingOf(meanOfCells(final), locations);
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

function meanOfTurns(scores: Float32Array, cells: number): Float32Array[] {
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

/** Scores of a field's cells, adjusted as the file asks for (see `classifyCells` of the predict layer). */
function treated(
  { prediction }: ClassifierMetadata,
  cells: readonly Float32Array[],
): readonly Float32Array[] {
  if (prediction === undefined) return cells;
  const own = cells.map((scores) => withNegativeFromOthers(scores, prediction.negative));
  return prediction.fieldContext ? scoreInField(own) : own;
}

function meanOfCells(cells: readonly Float32Array[]): number[] {
  return LOCATIONS.map((_, id) => cells.reduce((sum, scores) => sum + scores[id], 0) / cells.length);
}
