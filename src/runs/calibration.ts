import { InputError } from '../common/index.js';
import { readOnnxMetadata, withOnnxMetadata } from '../engine/index.js';
import { type PixelSizes, readInputFile, writeFileAtomic } from '../io/index.js';
import { encodeMetadata, type ScoreCalibration } from '../networks/index.js';
import {
  fitCalibration,
  type JudgedCalibration,
  judgeCalibration,
  type KnownScores,
  scoreKnownCells,
} from '../training/index.js';
import { openClassifier } from './classifier-file.js';

export interface CalibrationRunOptions {
  /** The classifier's file. */
  readonly model: string;
  /** Folders of fields of view with `truth/` in them, none of which the network was trained on. */
  readonly data: readonly string[];
  readonly pixelSizes: PixelSizes;
  /** The classifier with its calibration; may be the same file. */
  readonly out: string;
}

export interface CalibrationRun {
  readonly calibration: ScoreCalibration;
  readonly judged: JudgedCalibration;
}

/** Below this, each half of the fields would be one. */
const LEAST_FIELDS = 4;

/**
 * Fits a classifier's calibration on cells of known outlines and locations and writes it into the file's metadata.
 * A calibration that the file holds already is replaced.
 * @throws InputError `too-few-fields`, `no-truth-cells`, `file-*`, `not-writable`; ModelError (see `openClassifier`)
 */
export async function runCalibration(options: CalibrationRunOptions): Promise<CalibrationRun> {
  const { classifier } = await openClassifier(options.model);
  const fields: KnownScores[] = [];
  for (const folder of options.data) {
    fields.push(...(await scoreKnownCells(classifier, folder, options.pixelSizes, false)));
  }
  await classifier.release();
  if (fields.length < LEAST_FIELDS) {
    throw new InputError(
      'too-few-fields',
      `calibration: ${fields.length} field(s) with cells of known locations; expected ${LEAST_FIELDS} or more, better 50`,
    );
  }
  const calibration = fitCalibration(fields);
  const bytes = await readInputFile(options.model);
  const properties = {
    ...readOnnxMetadata(bytes),
    ...encodeMetadata({ ...classifier.metadata, calibration }),
  };
  await writeFileAtomic(options.out, withOnnxMetadata(bytes, properties));
  return { calibration, judged: judgeCalibration(fields) };
}
