import type { LocationScores } from '../common/index.js';
import { scoreInField } from './field-context.js';
import { type FieldModel, scoreByFieldModel } from './field-model.js';
import { type NegativeSource, withNegativeFromOthers } from './negative.js';
import { calibrateScores, type ScoreCalibration } from './score-calibration.js';

/** What becomes of a network's scores before they are told. */
export interface ScoreAdjustment {
  /** Where `Negative` comes from and whether the field counts; null: scores stay as they are. */
  readonly prediction: { readonly negative: NegativeSource; readonly fieldContext: boolean } | null;
  /** By which the field counts; null: by a formula (`scoreInField`). */
  readonly fieldModel: FieldModel | null;
  /** null: not calibrated. */
  readonly calibration: ScoreCalibration | null;
}

/** Scores of cells by themselves: `Negative` from where the settings say, as `adjustScores` begins. */
export function scoresOfCells(
  cells: readonly LocationScores[],
  prediction: ScoreAdjustment['prediction'],
): LocationScores[] {
  return prediction === null
    ? [...cells]
    : cells.map((scores) => withNegativeFromOthers(scores, prediction.negative));
}

/**
 * Scores of a field's cells, in order: `Negative` first (see `withNegativeFromOthers`), then the field (`scoreByFieldModel` or `scoreInField`), then the
 * calibration, which was fitted to scores so treated.
 * @param cells 19 scores each, in [0, 1], as a network gives them
 */
export function adjustScores(
  cells: readonly LocationScores[],
  { prediction, fieldModel, calibration }: ScoreAdjustment,
): LocationScores[] {
  const own = scoresOfCells(cells, prediction);
  const inField = prediction?.fieldContext ? scoreOfField(own, fieldModel) : own;
  return calibration === null ? inField : inField.map((scores) => calibrateScores(scores, calibration));
}

function scoreOfField(cells: readonly LocationScores[], model: FieldModel | null): LocationScores[] {
  return model === null ? scoreInField(cells) : scoreByFieldModel(cells, model);
}
