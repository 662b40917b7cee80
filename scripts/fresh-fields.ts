/** Synthetic fields for comparisons of classifiers: made once, then cells of true and of found outlines scored by each. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LOCATIONS } from '../src/common/index.js';
import { type CropOptions, cropsToBytes, cutCrops } from '../src/crops/index.js';
import { readTruthLocations, readTruthSegmentation } from '../src/dataset/index.js';
import { measureRegions } from '../src/imaging/index.js';
import { ASSUMED_PIXEL_SIZES, findFields, readField } from '../src/io/index.js';
import type { Classifier } from '../src/networks/index.js';
import { openSegmenter, runCropping, runSynthesis } from '../src/runs/index.js';
import {
  averagePrecision,
  createCompetitionTally,
  meanOfNumbers,
  type Overlaps,
  overlapsOfLabels,
  scoreCells,
} from '../src/scoring/index.js';
import { defaultSynthSettings, type SynthSettings } from '../src/synthetic/index.js';

/** Balanced synthetic fields in a folder; those that are there are kept. */
export async function makeFields(
  out: string,
  images: number,
  seed: number,
  settings: Partial<SynthSettings> = {},
): Promise<void> {
  let done = 0;
  await runSynthesis(images, { ...defaultSynthSettings, labels: 'balanced', seed, ...settings }, out, {
    workers: availableParallelism(),
    onField: () => report(`simulating ${out}: field ${++done} of ${images}`),
  });
  process.stderr.write('\n');
}

/** A store of the fields' cells, outlined as in prediction; what is there is kept. */
export async function makeStore(
  fields: string,
  out: string,
  crop: CropOptions,
  perField: number,
): Promise<void> {
  let done = 0;
  await runCropping(
    [fields],
    {
      ...{ out, crop, pixelSizes: ASSUMED_PIXEL_SIZES, masksFolder: null, seed: 1, balance: null },
      ...{ labels: join(fields, 'train.csv'), cellsPerField: perField },
    },
    {
      found: () => {},
      done: () => report(`cutting out cells into ${out}: field ${++done}`),
      problem: (problem) => console.error(`\n${problem.message}`),
    },
  );
  process.stderr.write('\n');
}

/** The cells of one field, by their true outlines and as our segmenter finds them. */
export interface FreshField {
  readonly id: string;
  /** Class ids of each true cell. */
  readonly locations: readonly (readonly number[])[];
  readonly trueCrops: Uint8Array;
  readonly foundCrops: Uint8Array;
  readonly foundCells: number;
  readonly overlaps: Overlaps;
}

/** Reads, outlines and cuts out the fields of a folder that `makeFields` made. */
export async function openFreshFields(
  folder: string,
  crop: CropOptions,
  segmenterName: string,
): Promise<FreshField[]> {
  const segmenter = await openSegmenter(segmenterName);
  const truthFolder = join(folder, 'truth');
  const known = await readTruthLocations(truthFolder);
  const fields: FreshField[] = [];
  for (const source of (await findFields([folder])).sources) {
    const field = await readField(source, ASSUMED_PIXEL_SIZES);
    const truth = await readTruthSegmentation(truthFolder, source.id);
    const found = await segmenter.segment(field);
    const trueRegions = measureRegions(truth.cells);
    const foundRegions = measureRegions(found.cells);
    const bytes = (cells: typeof truth, regions: typeof trueRegions) =>
      cropsToBytes(cutCrops(field, cells, regions, crop));
    fields.push({
      id: source.id,
      locations: trueRegions.map(({ label }) => known.get(source.id)?.get(label) ?? []),
      trueCrops: bytes(truth, trueRegions),
      foundCrops: bytes(found, foundRegions),
      foundCells: foundRegions.length,
      overlaps: overlapsOfLabels(found.cells, truth.cells),
    });
    report(`outlining ${folder}: field ${fields.length}`);
  }
  process.stderr.write('\n');
  return fields;
}

/** Scores of a field's cells, 19 each. */
export interface FieldScores {
  readonly trueCells: readonly Float32Array[];
  readonly foundCells: readonly Float32Array[];
}

export async function scoreFields(
  classifier: Classifier,
  fields: readonly FreshField[],
): Promise<FieldScores[]> {
  const scores: FieldScores[] = [];
  for (const { trueCrops, foundCrops, locations, foundCells } of fields) {
    scores.push({
      trueCells: await scoreCrops(classifier, trueCrops, locations.length),
      foundCells: await scoreCrops(classifier, foundCrops, foundCells),
    });
    report(`scoring: field ${scores.length} of ${fields.length}`);
  }
  process.stderr.write('\n');
  return scores;
}

async function scoreCrops(classifier: Classifier, crops: Uint8Array, count: number): Promise<Float32Array[]> {
  const scores = await classifier.classify(
    Float32Array.from(crops, (byte) => byte / 255),
    count,
  );
  const classes = LOCATIONS.length;
  return Array.from({ length: count }, (_, i) => scores.slice(i * classes, (i + 1) * classes));
}

export interface Measured {
  /** Mean over locations of the AP of all true cells' ranking, and each location's. */
  readonly cellAp: number;
  readonly cellApByLocation: readonly number[];
  /** The competition's metric at IoU 0.6, cells as our segmenter finds them. */
  readonly mAP: number;
  readonly apByLocation: readonly number[];
}

/** Both figures of scores that `adjust` makes of a field's cells' scores. */
export function measure(
  fields: readonly FreshField[],
  scores: readonly FieldScores[],
  adjust: (cells: readonly Float32Array[], field: FreshField) => readonly Float32Array[],
): Measured {
  const ranked: Float32Array[] = [];
  const truths: (readonly number[])[] = [];
  const tally = createCompetitionTally();
  fields.forEach((field, i) => {
    ranked.push(...adjust(scores[i].trueCells, field));
    truths.push(...field.locations);
    const detections = adjust(scores[i].foundCells, field).flatMap((cell, instance) =>
      Array.from(cell, (score, classId) => ({ instance, classId, score })),
    );
    tally.add(scoreCells(field.overlaps, field.locations, detections));
  });
  const cellApByLocation = LOCATIONS.map((_, id) =>
    averagePrecision(
      ranked.map((cell) => cell[id]),
      truths.map((ids) => (ids.includes(id) ? 1 : 0)),
    ),
  );
  const [{ mAP, perClass }] = tally.scores();
  return {
    ...{ cellAp: meanOfNumbers(cellApByLocation), cellApByLocation, mAP },
    apByLocation: perClass.map(({ ap }) => ap),
  };
}

export function report(text: string): void {
  process.stderr.write(`\r${text}   `);
}
