import { type Command, Option } from 'commander';
import { type PredictionSettings, TURN_COUNTS } from '../networks/index.js';
import type { JudgedCalibration } from '../runs/index.js';
import { NEGATIVE_SOURCES, type NegativeSource } from '../scoring/index.js';

/** The values of `addPredictionOptions`. */
export interface PredictionOptions {
  turns?: string;
  negative?: NegativeSource;
  fieldContext?: boolean;
  fieldModel?: string[];
}

/** Options of what `predict` shall do with a classifier's scores, which its file keeps. */
export function addPredictionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--turns <n>',
        'flips and quarter turns of each crop whose scores predict shall average',
      ).choices(TURN_COUNTS.map(String)),
    )
    .addOption(
      new Option(
        '--negative <source>',
        "where predict shall take Negative's score from: the network, or what the other locations leave",
      ).choices([...NEGATIVE_SOURCES]),
    )
    .option('--field-context', "predict shall set a cell's scores in the light of its field's")
    .option(
      '--field-model <dir...>',
      'folders of labelled fields (train.csv), none that it was trained on, to learn from how a field is told by its cells; with it --field-context is on',
    );
}

/** The settings that are given, those that are not as if the network's scores were left alone; null where none is given. */
export function predictionSettings({
  turns,
  negative,
  fieldContext,
  fieldModel,
}: PredictionOptions): PredictionSettings | null {
  if ([turns, negative, fieldContext, fieldModel].every((option) => option === undefined)) return null;
  return {
    turns: TURN_COUNTS.find((count) => `${count}` === turns) ?? 1,
    negative: negative ?? 'own',
    fieldContext: fieldContext ?? fieldModel !== undefined,
  };
}

/** What a calibration is worth, a line a figure. */
export function describeCalibration({ before, after }: JudgedCalibration): string[] {
  return [
    `expected calibration error ${before.ece.toFixed(4)} -> ${after.ece.toFixed(4)}`,
    `Brier score ${before.brier.toFixed(4)} -> ${after.brier.toFixed(4)}`,
  ];
}
