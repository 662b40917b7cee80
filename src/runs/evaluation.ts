import { join } from 'node:path';
import { InputError, LOCATIONS } from '../common/index.js';
import { readTruthLocations, type TruthLocations } from '../dataset/index.js';
import type { LabelImage } from '../imaging/index.js';
import { isFile, listFolders, readLabelPng, readTable } from '../io/index.js';
import {
  createCompetitionTally,
  createSegmentationTally,
  overlapsOfLabels,
  type SegmentationScores,
  scoreLabelledCells,
} from '../scoring/index.js';

/** How predictions stand against a truth folder. */
export interface Evaluation {
  /** The competition's metric at IoU 0.6; null where the truth knows no locations, NaN where it has none at all. */
  readonly locations: { readonly mAP: number; readonly perLocation: readonly number[] } | null;
  readonly segmentation: SegmentationScores;
  /** Fields of the truth that have no prediction: all their cells count as missed. */
  readonly missing: readonly string[];
  /** Predicted fields that the truth does not have: they are not counted. */
  readonly unknown: readonly string[];
}

/** Scores of predicted cells by field, then cell number. */
type PredictedScores = ReadonlyMap<string, ReadonlyMap<number, Float32Array>>;

/**
 * Scores a folder written by `predict` against a truth folder (label images `ID/cells.png`; `cells.csv` with the
 * locations of each cell, where there is one).
 * @throws InputError `no-truth`, `truth-size`, and whatever is wrong with a file or table
 */
export async function evaluateFolders(truthFolder: string, predictionFolder: string): Promise<Evaluation> {
  const truthFields = await fieldsOf(truthFolder);
  if (truthFields.length === 0) {
    throw new InputError(
      'no-truth',
      `${truthFolder}: no truth found; expected a folder for each field with its cells.png (16-bit label image)`,
    );
  }
  const predictedFields = await fieldsOf(predictionFolder);
  const knowsLocations = await isFile(join(truthFolder, 'cells.csv'));
  const truth: TruthLocations = knowsLocations ? await readTruthLocations(truthFolder) : new Map();
  const scores: PredictedScores = knowsLocations ? await readScores(predictionFolder) : new Map();
  const competition = createCompetitionTally();
  const segmentation = createSegmentationTally();
  for (const field of truthFields) {
    const truthLabels = await readLabelPng(join(truthFolder, field, 'cells.png'));
    const predicted = predictedFields.includes(field)
      ? await readLabelPng(join(predictionFolder, field, 'cells.png'))
      : blankLike(truthLabels);
    checkSameSize(field, truthLabels, predicted);
    segmentation.add(truthLabels, predicted);
    const overlaps = overlapsOfLabels(predicted, truthLabels);
    competition.add(
      scoreLabelledCells(overlaps, truth.get(field) ?? new Map(), scores.get(field) ?? new Map()),
    );
  }
  const [{ mAP, perClass }] = competition.scores();
  return {
    locations: knowsLocations ? { mAP, perLocation: perClass.map(({ ap }) => ap) } : null,
    segmentation: segmentation.scores(),
    missing: truthFields.filter((field) => !predictedFields.includes(field)),
    unknown: predictedFields.filter((field) => !truthFields.includes(field)),
  };
}

/** Names of the folders that hold a `cells.png`. */
async function fieldsOf(folder: string): Promise<string[]> {
  const names = await listFolders(folder);
  const present = await Promise.all(names.map((name) => isFile(join(folder, name, 'cells.png'))));
  return names.filter((_, i) => present[i]);
}

async function readScores(folder: string): Promise<PredictedScores> {
  const table = await readTable(join(folder, 'cells.csv'), ['field', 'cell', ...LOCATIONS]);
  const fields = new Map<string, Map<number, Float32Array>>();
  for (const row of table.rows) {
    const scores = Float32Array.from(LOCATIONS, (name) => {
      const text = row.get(name);
      if (text.trim() === '' || Number.isNaN(Number(text))) {
        throw row.error('score', `the score of ${name} is "${text}", expected a number`);
      }
      return Number(text);
    });
    const cells = fields.get(row.get('field')) ?? new Map<number, Float32Array>();
    cells.set(Number(row.get('cell')), scores);
    fields.set(row.get('field'), cells);
  }
  return fields;
}

function blankLike({ width, height }: LabelImage): LabelImage {
  return { width, height, data: new Int32Array(width * height) };
}

function checkSameSize(field: string, truth: LabelImage, predicted: LabelImage): void {
  if (truth.width === predicted.width && truth.height === predicted.height) return;
  throw new InputError(
    'truth-size',
    `field ${field}: truth is ${truth.width}x${truth.height} but the prediction is ` +
      `${predicted.width}x${predicted.height}; predict from images of the truth's size`,
  );
}
