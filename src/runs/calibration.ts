import { InputError, LOCATIONS } from '../common/index.js';
import { readOnnxMetadata, withOnnxMetadata } from '../engine/index.js';
import { loadRuntime, type PixelSizes, readInputFile, writeFileAtomic } from '../io/index.js';
import {
  type Classifier,
  type ClassifierMetadata,
  encodeMetadata,
  type PredictionSettings,
} from '../networks/index.js';
import { calibrateScores, calibration, fitCalibration, type ScoreCalibration } from '../scoring/index.js';
import {
  DEFAULT_ADAPTATION,
  gatherCells,
  joinRows,
  type LeftOut,
  learnFieldModel,
  leftOutOf,
} from '../training/index.js';
import { openClassifier } from './classifier-file.js';
import { type KnownScores, scoreKnownCells } from './known-cells.js';

export interface CalibrationRunOptions {
  /** The classifier's file. */
  readonly model: string;
  /** Folders of fields of view with `truth/` in them, none of which the network was trained on. */
  readonly data: readonly string[];
  readonly pixelSizes: PixelSizes;
  /** What becomes of the scores before they are calibrated; null: as the file says already. */
  readonly prediction: PredictionSettings | null;
  /** Folders of labelled fields of view (`train.csv`), none of which the network was trained on, that a field model is learned from; none: as the file says already. */
  readonly fieldModelData: readonly string[];
  /** The classifier with its calibration; may be the same file. */
  readonly out: string;
}

export interface CalibrationRun {
  readonly calibration: NonNullable<ClassifierMetadata['calibration']>;
  readonly judged: JudgedCalibration;
  /** What the field model was not learned from; null where none was learned. */
  readonly leftOut: LeftOut | null;
}

/** Below this, each half of the fields would be one. */
const LEAST_FIELDS = 4;

/**
 * Fits a classifier's calibration on cells of known outlines and locations and writes it into the file's metadata.
 * A calibration that the file holds already is replaced.
 * @throws InputError `too-few-fields`, `no-truth-cells`, `file-*`, `not-writable`; ModelError (see `openClassifier`)
 */
export async function runCalibration(options: CalibrationRunOptions): Promise<CalibrationRun> {
  const opened = (await openClassifier(options.model)).classifier;
  const described =
    options.prediction === null ? opened.metadata : { ...opened.metadata, prediction: options.prediction };
  const learned = await fieldModelFor({ ...opened, metadata: described }, options);
  const metadata = learned === null ? described : { ...described, fieldModel: learned.model };
  const classifier = { ...opened, metadata };
  const fields = await scoreForCalibration(classifier, options.data, options.pixelSizes);
  await classifier.release();
  const kept = calibrationOn(fields);
  const bytes = await readInputFile(options.model);
  const properties = {
    ...readOnnxMetadata(bytes),
    ...encodeMetadata({ ...metadata, calibration: kept }),
  };
  await writeFileAtomic(options.out, withOnnxMetadata(bytes, properties));
  return { calibration: kept, judged: judgeCalibration(fields), leftOut: learned?.leftOut ?? null };
}

/** The field model that the options ask for; null where they ask for none. */
async function fieldModelFor(
  classifier: Classifier,
  { fieldModelData: folders, pixelSizes }: CalibrationRunOptions,
) {
  if (folders.length === 0) return null;
  const { cellsPerField, seed } = DEFAULT_ADAPTATION;
  const gathered = await gatherCells({
    ...{ folders, pixelSizes, cellsPerField, seed },
    ...{ crop: classifier.metadata.crop, outlines: 'segmented' },
  });
  const model = await learnFieldModel(await loadRuntime(), classifier, gathered.fields, seed);
  return { model, leftOut: leftOutOf(gathered) };
}

/**
 * Scores, not calibrated, of the cells that a calibration is fitted to.
 * @throws InputError `too-few-fields`, `no-truth-cells`
 */
export async function scoreForCalibration(
  classifier: Classifier,
  folders: readonly string[],
  pixelSizes: PixelSizes,
): Promise<KnownScores[]> {
  const fields: KnownScores[] = [];
  for (const folder of folders)
    fields.push(...(await scoreKnownCells(classifier, folder, pixelSizes, false)));
  if (fields.length >= LEAST_FIELDS) return fields;
  throw new InputError(
    'too-few-fields',
    `calibration: ${fields.length} field(s) with cells of known locations; expected ${LEAST_FIELDS} or more, better 50`,
  );
}

/** The calibration as a classifier's file keeps it. */
export function calibrationOn(fields: readonly KnownScores[]): CalibrationRun['calibration'] {
  const { slopes, offsets } = fitOn(fields);
  const cells = fields.reduce((sum, field) => sum + field.cells, 0);
  return { slopes: [...slopes], offsets: [...offsets], cells, fields: fields.length };
}

function fitOn(fields: readonly KnownScores[]): ScoreCalibration {
  return fitCalibration(
    joinRows(fields.map(({ scores }) => scores)),
    joinRows(fields.map(({ targets }) => targets)),
  );
}

/** Calibration error and Brier score over all pairs of cell and location (see `calibration`). */
export interface CalibrationFigures {
  readonly ece: number;
  readonly brier: number;
}

export interface JudgedCalibration {
  readonly before: CalibrationFigures;
  /** Of calibrations fitted on the other fields: each half of the fields is judged by what was fitted on the other. */
  readonly after: CalibrationFigures;
}

/** What a calibration is worth on fields that it was not fitted on: two halves, every other field, each judged by the other. */
export function judgeCalibration(fields: readonly KnownScores[]): JudgedCalibration {
  const halves = [0, 1].map((half) => fields.filter((_, i) => i % 2 === half));
  const judged = halves.flatMap((half, i) => {
    const fitted = fitOn(halves[1 - i]);
    return half.map(({ scores }) => calibrateRows(scores, fitted));
  });
  const inOrder = halves.flat();
  const targets = joinRows(inOrder.map((field) => field.targets));
  const figures = (scores: Float32Array): CalibrationFigures => {
    const { ece, brier } = calibration(scores, targets);
    return { ece, brier };
  };
  return { before: figures(joinRows(inOrder.map(({ scores }) => scores))), after: figures(joinRows(judged)) };
}

function calibrateRows(scores: Float32Array, fitted: ScoreCalibration): Float32Array {
  const classes = LOCATIONS.length;
  const rows = Array.from({ length: scores.length / classes }, (_, i) =>
    calibrateScores(scores.subarray(i * classes, (i + 1) * classes), fitted),
  );
  return joinRows(rows);
}
