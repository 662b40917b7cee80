import { join } from 'node:path';
import { z } from 'zod';
import { LOCATIONS } from '../common/index.js';
import { callLocations, rankLocations, summarizeScores } from '../predict/index.js';
import { DOCUMENT_NAMES, type FieldRecord, readRecord, recordCells } from '../runs/index.js';
import { FIELD_WARNING_CODES } from '../segment/index.js';
import { correctionsSchema, JOB_STATES, type Job, jobOptionsSchema, stageSchema } from './job.js';
import { describeProblem, problemSchema } from './problem.js';

/** Every field has this id on disk; its name from the request stands in results only. */
export const FIELD_ID = 'field';

/** Files that are written with the prediction; the overlay only where it was asked for. */
export const PICTURE_NAMES = ['cells.png', 'nuclei.png', 'overlay.png'] as const;

const locationSchema = z.object({
  location: z.int().describe('Class id, 0 to 18'),
  name: z.string(),
  mean: z.number().describe("Mean of the cells' scores"),
  deviation: z.number().describe('Standard deviation between the cells'),
});

const cellSchema = z.object({
  cell: z.int().describe('Its number in cells.png and nuclei.png'),
  box: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
  areaUm2: z.number(),
  nucleusAreaUm2: z.number(),
  touchesEdge: z.boolean(),
  proteinMean: z.number().describe('Mean intensity of the protein in the cell, 0 to 1 of full scale'),
  scores: z.array(z.number()).describe('19 scores in [0, 1] by class id'),
  locations: z.array(z.string()).describe('Locations at or above the threshold, the highest score first'),
});

const resultSchema = z.object({
  width: z.int(),
  height: z.int(),
  pixelSizeUm: z.number(),
  pixelSizeSource: z.string(),
  seconds: z.number(),
  warnings: z
    .array(
      z.object({
        code: z.enum(FIELD_WARNING_CODES),
        values: z.record(z.string(), z.union([z.string(), z.number()])).describe('What the detail names'),
        detail: z.string(),
      }),
    )
    .describe("What is doubtful about the field's channels"),
  prediction: z
    .object({ location: z.int(), name: z.string(), confidence: z.number() })
    .nullable()
    .describe("The field's first location and its mean score; null where there is no cell"),
  locations: z.array(locationSchema),
  cells: z.array(cellSchema),
  files: z.record(z.string(), z.string()).describe('Addresses of the files, by name'),
});

export const predictionSchema = z.object({
  id: z.uuid(),
  field: z.string(),
  state: z.enum(JOB_STATES),
  stages: z.array(stageSchema),
  options: jobOptionsSchema,
  problem: problemSchema.nullable(),
  corrections: correctionsSchema,
  result: resultSchema.nullable(),
});
export type PredictionBody = z.infer<typeof predictionSchema>;

/** The field's folder among a job's results: label images and record. */
export function resultFolder(jobFolder: string): string {
  return join(jobFolder, 'result', FIELD_ID);
}

/** A job as the API shows it, with its result where it is done. */
export async function describePrediction(job: Job, folder: string): Promise<PredictionBody> {
  const { id, field, state, stages, options, problem, corrections } = job;
  return {
    ...{ id, field, state, stages, options, corrections },
    problem: problem === null ? null : describeProblem(problem.code, problem.detail),
    result: state === 'done' ? describeResult(job, await readRecord(resultFolder(folder))) : null,
  };
}

function describeResult(job: Job, record: FieldRecord): PredictionBody['result'] {
  const { width, height, pixelSizeUm, pixelSizeSource, seconds, warnings } = record;
  const cells = recordCells(record);
  const { mean, deviation } = summarizeScores(cells.flatMap(({ scores }) => scores ?? []));
  const [first] = rankLocations(mean);
  const names = [
    ...DOCUMENT_NAMES,
    ...PICTURE_NAMES.filter((name) => name !== 'overlay.png' || job.options.overlay),
  ];
  return {
    ...{ width, height, pixelSizeUm, pixelSizeSource, seconds },
    warnings: warnings.map(({ code, values, message }) => ({ code, values, detail: message })),
    prediction:
      cells.length === 0
        ? null
        : { location: first.location, name: LOCATIONS[first.location], confidence: first.score },
    locations: LOCATIONS.map((name, location) => ({
      location,
      name,
      mean: mean[location],
      deviation: deviation[location],
    })),
    cells: record.cells.map(({ cell, box, areaUm2, nucleusAreaUm2, touchesEdge, proteinMean, scores }) => ({
      ...{ cell, box, areaUm2, nucleusAreaUm2, touchesEdge, proteinMean },
      scores: scores ?? [],
      locations: callLocations(Float32Array.from(scores ?? []), job.options.threshold).map(
        (id) => LOCATIONS[id],
      ),
    })),
    files: Object.fromEntries(names.map((name) => [name, `/api/v1/predictions/${job.id}/files/${name}`])),
  };
}
