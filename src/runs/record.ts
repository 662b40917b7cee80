import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../common/index.js';
import { readTextIfThere } from '../io/index.js';
import { countsFromString } from '../masks/index.js';
import {
  type CellPrediction,
  type FieldSummary,
  measureVariation,
  summarizeScores,
} from '../predict/index.js';
import { FIELD_WARNING_CODES } from '../segment/index.js';

const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** What a run keeps of a finished field in `OUT/ID/prediction.json`: enough to write every table without the images. */
const recordSchema = z.object({
  /** Digest of everything the result depends on: a run with another one does the field again. */
  fingerprint: z.string(),
  field: z.string(),
  width: z.int(),
  height: z.int(),
  pixelSizeUm: z.number(),
  pixelSizeSource: z.string(),
  /** Time from reading the first file to having written the last, this record apart. */
  seconds: z.number(),
  /** What is doubtful about the field's channels. */
  warnings: z.array(
    z.object({
      code: z.enum(FIELD_WARNING_CODES),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
      message: z.string(),
    }),
  ),
  cells: z.array(
    z.object({
      cell: z.int(),
      box: boxSchema,
      areaUm2: z.number(),
      nucleusAreaUm2: z.number(),
      touchesEdge: z.boolean(),
      proteinMean: z.number(),
      scores: z.array(z.number()).nullable(),
      /** The cell's own mask, COCO's compressed run lengths, where it may overlap others. */
      mask: z.string().optional(),
    }),
  ),
});

export type FieldRecord = z.infer<typeof recordSchema>;

/** The record in a file's text, or null where the text is no record of this version: the field is then done again. */
export function parseRecord(text: string): FieldRecord | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = recordSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

/**
 * The record of a finished field in its folder of results.
 * @throws InputError `record-missing`
 */
export async function readRecord(folder: string): Promise<FieldRecord> {
  const path = join(folder, 'prediction.json');
  const record = parseRecord((await readTextIfThere(path)) ?? '');
  if (record !== null) return record;
  throw new InputError('record-missing', `${path}: there is no record of a finished field; predict it again`);
}

/** The record's cells as `predict` makes them. */
export function recordCells(record: FieldRecord): CellPrediction[] {
  const { width, height } = record;
  return record.cells.map(({ mask, ...cell }) => ({
    ...cell,
    ...(mask === undefined ? {} : { mask: countsFromString(mask, width, height) }),
    scores: cell.scores === null ? null : Float32Array.from(cell.scores),
  }));
}

/** The record as a row of `fields.csv`; a cell shows the locations whose scores reach the threshold. */
export function summarizeRecord(record: FieldRecord, scored: boolean, threshold: number): FieldSummary {
  const cells = recordCells(record);
  const scores = scored ? summarizeScores(cells.flatMap((cell) => cell.scores ?? [])) : null;
  return { ...record, cells: cells.length, scores, variation: measureVariation(cells, threshold) };
}
