import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Segmentation } from '../imaging/index.js';
import {
  type FieldFromFiles,
  type FieldSource,
  isFile,
  type PixelSizes,
  prepareFolder,
  readField,
  readLabelPng,
  readTextIfThere,
  removeFile,
  writeFileAtomic,
  writeLabelPng,
} from '../io/index.js';
import { countsToString } from '../masks/index.js';
import type { Explainer } from '../networks/index.js';
import { type EdgePolicy, type FieldPrediction, predictField, type Segmenter } from '../predict/index.js';
import { channelWarnings } from '../segment/index.js';
import type { ClassifierFile } from './classifier-file.js';
import { hasExplanation, removeExplanation, writeExplanation } from './explanation.js';
import { missingPictures, type Picture, removePictures, writePicture } from './pictures.js';
import { type FieldRecord, parseRecord, recordCells } from './record.js';
import { sourceFacts } from './source-facts.js';
import { VERSION } from './version.js';

/** A segmenter with all that its results depend on. */
export interface NamedSegmenter {
  readonly name: string;
  /** Goes into the fingerprint of each result: written as JSON, equal settings must be equal text. */
  readonly settings: object;
  readonly segment: Segmenter;
  /** Whether it locates the cells too, so that no classifier is needed. @default false */
  readonly locates?: boolean;
}

/** What a field is worked out by, and what is written of it. */
export interface FieldOptions {
  /** Folder of the results. */
  readonly out: string;
  readonly pixelSizes: PixelSizes;
  readonly segmenter: NamedSegmenter;
  /** null: only outlines, and such scores as the segmenter brings. */
  readonly classifier: ClassifierFile | null;
  readonly edge: EdgePolicy;
  /** Also write `ID/PICTURE.png` of each. */
  readonly pictures: readonly Picture[];
  /** Also write why each cell was given its locations (see `writeExplanation`); null: not. */
  readonly explainer: Explainer | null;
}

/** What a field goes through before its files are written. */
export const PREDICTION_STAGES = ['read', 'segmented', 'classified'] as const;
export type PredictionStage = (typeof PREDICTION_STAGES)[number];

/** A field that is done: `kept` from an earlier run, or worked out in this one. */
export interface FinishedField {
  readonly record: FieldRecord;
  readonly kept: boolean;
}

/**
 * Predicts (or, without a classifier, segments) one field of view and writes its folder of results, unless an earlier run
 * with the same settings did.
 * @param onStage told each stage that is over
 * @throws InputError as `readField`, `not-writable`; ModelError
 */
export async function finishField(
  source: FieldSource,
  options: FieldOptions,
  onStage: (stage: PredictionStage) => void,
): Promise<FinishedField> {
  const folder = join(options.out, source.id);
  const files = {
    cells: join(folder, 'cells.png'),
    nuclei: join(folder, 'nuclei.png'),
    record: join(folder, 'prediction.json'),
  };
  const start = performance.now();
  const fingerprint = await fingerprintOf(source, options);
  const old = await readCurrentRecord(files.record, fingerprint);
  if (old !== null && (await isFile(files.cells)) && (await isFile(files.nuclei))) {
    const missing = await missingPictures(folder, options.pictures);
    const unexplained = options.explainer !== null && !(await hasExplanation(folder));
    if (missing.length > 0 || unexplained) {
      const segmentation: Segmentation = {
        cells: await readLabelPng(files.cells),
        nuclei: await readLabelPng(files.nuclei),
      };
      const field = await readField(source, options.pixelSizes);
      for (const picture of missing) await writePicture(folder, picture, field, segmentation);
      if (unexplained) {
        await writeExplanation(folder, field, segmentation, recordCells(old), options.explainer);
      }
    }
    return { record: old, kept: true };
  }
  const field = await readField(source, options.pixelSizes);
  onStage('read');
  const { edge, segmenter, classifier } = options;
  const prediction = await predictField(field, segmenter.segment, classifier?.classifier ?? null, {
    edge,
    onStage,
  });
  const { segmentation } = prediction;
  await prepareFolder(folder);
  // An old record must not vouch for new label images if this run is killed between writing them and their record.
  await removeFile(files.record);
  await removePictures(folder);
  await removeExplanation(folder);
  await Promise.all([
    writeLabelPng(files.cells, segmentation.cells),
    writeLabelPng(files.nuclei, segmentation.nuclei),
    ...options.pictures.map((picture) => writePicture(folder, picture, field, segmentation)),
  ]);
  if (options.explainer !== null) {
    await writeExplanation(folder, field, segmentation, prediction.cells, options.explainer);
  }
  const seconds = (performance.now() - start) / 1000;
  const record = toRecord(field, prediction, fingerprint, seconds);
  await writeFileAtomic(files.record, JSON.stringify(record));
  return { record, kept: false };
}

async function readCurrentRecord(path: string, fingerprint: string): Promise<FieldRecord | null> {
  const text = await readTextIfThere(path);
  const record = text === null ? null : parseRecord(text);
  return record?.fingerprint === fingerprint ? record : null;
}

/** Digest of everything that the result of a field depends on. */
async function fingerprintOf(source: FieldSource, options: FieldOptions): Promise<string> {
  const facts = {
    version: VERSION,
    ...(await sourceFacts(source, options.pixelSizes)),
    segmenter: [options.segmenter.name, options.segmenter.settings],
    classifier: options.classifier?.sha256 ?? null,
    edge: options.edge,
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function toRecord(
  field: FieldFromFiles,
  prediction: FieldPrediction,
  fingerprint: string,
  seconds: number,
): FieldRecord {
  const { id, width, height, pixelSizeUm, pixelSizeSource } = field;
  const cells = prediction.cells.map(({ mask, ...cell }) => ({
    ...cell,
    ...(mask === undefined ? {} : { mask: countsToString(mask.counts) }),
    scores: cell.scores === null ? null : Array.from(cell.scores),
  }));
  const warnings = channelWarnings(field);
  return { fingerprint, field: id, width, height, pixelSizeUm, pixelSizeSource, seconds, warnings, cells };
}
