import type { LocationScores } from '../common/index.js';
import { scoreInField } from './field-context.js';
import { type NegativeSource, withNegativeFromOthers } from './negative.js';
import { calibrateScores, type ScoreCalibration } from './score-calibration.js';

/** What becomes of a network's scores before they are told. */
export interface ScoreAdjustment {
  /** Where `Negative` comes from and whether the field counts; null: scores stay as they are. */
  readonly prediction: { readonly negative: NegativeSource; readonly fieldContext: boolean } | null;
  /** null: not calibrated. */
  readonly calibration: ScoreCalibration | null;
}

/**
 * Scores of a field's cells, in order: `Negative` first (see `withNegativeFromOthers`), then the field (`scoreInField`), then the calibration, which
 * was fitted to scores so treated.
 * @param cells 19 scores each, in [0, 1], as a network gives them
 */
export function adjustScores(
  cells: readonly LocationScores[],
  { prediction, calibration }: ScoreAdjustment,
): LocationScores[] {
  const own =
    prediction === null
      ? [...cells]
      : cells.map((scores) => withNegativeFromOthers(scores, prediction.negative));
  const inField = prediction?.fieldContext ? scoreInField(own) : own;
  return calibration === null ? inField : inField.map((scores) => calibrateScores(scores, calibration));
}
