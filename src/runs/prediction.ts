import { availableParallelism } from 'node:os';
import { CytolocusError } from '../common/index.js';
import { type ChannelNames, type FieldSource, findFields, prepareFolder } from '../io/index.js';
import { type FieldOptions, type FinishedField, finishField, type PredictionStage } from './finish-field.js';
import { inOrder } from './in-order.js';
import { openFieldPool } from './pools.js';
import type { PredictionSetup } from './prediction-setup.js';
import { toProblem } from './problems.js';
import type { FieldRecord } from './record.js';
import { writeCocoResults, writeGeoJson, writeResultTables, writeSubmission } from './result-files.js';

export interface PredictionRunOptions extends FieldOptions {
  /** A cell shows the locations whose scores reach this. Decides nothing but words in tables. */
  readonly threshold: number;
  /** Also write `submission.csv`. */
  readonly submission: boolean;
  /** Also write `coco.json`. @default false */
  readonly coco?: boolean;
  /** Also write `ID/cells.geojson` of each field. */
  readonly geojson?: boolean;
  /** What files call the channels. @default as `findFields` */
  readonly channelNames?: ChannelNames;
  /** Works several fields out at a time; the results are the same. @default one, in this thread */
  readonly parallel?: ParallelOptions;
}

export interface ParallelOptions {
  readonly workers: number;
  /** What `segmenter`, `classifier` and `explainer` were opened from: each thread opens them for itself. */
  readonly setup: PredictionSetup;
}

/** What is told while a run goes on. */
export interface PredictionRunEvents {
  /** All fields are known; the work begins. */
  found(total: number): void;
  /** A stage of a field is over; fields kept from an earlier run, and those of other threads, have none. */
  stage?(stage: PredictionStage, field: string): void;
  /** A field is done: `kept` from an earlier run, or worked out in this one. */
  done(record: FieldRecord, kept: boolean): void;
  /** Something is wrong; the other fields go on. */
  problem(problem: CytolocusError, field: string | null): void;
}

export interface PredictionRun {
  /** Finished fields, in natural order of their ids. */
  readonly records: readonly FieldRecord[];
  readonly problems: readonly CytolocusError[];
  /** The tables written. */
  readonly files: readonly string[];
}

/**
 * Predicts (or, without a classifier, segments) every field of view of the inputs and writes label images, pictures and
 * tables. Fields that an earlier run of the same settings finished are left alone; a bad field is reported and the
 * others go on.
 * @throws InputError `not-writable`: nothing can be done at all
 */
export async function runPrediction(
  inputs: readonly string[],
  options: PredictionRunOptions,
  events: PredictionRunEvents,
): Promise<PredictionRun> {
  await prepareFolder(options.out);
  const { sources, problems: inputProblems } = await findFields(inputs, options.channelNames);
  const problems: CytolocusError[] = [...inputProblems];
  for (const problem of inputProblems) events.problem(problem, null);
  events.found(sources.length);
  const records: FieldRecord[] = [];
  for await (const outcome of outcomesOf(sources, options, events)) {
    if ('problem' in outcome) {
      problems.push(outcome.problem);
      events.problem(outcome.problem, outcome.field);
    } else {
      records.push(outcome.record);
      events.done(outcome.record, outcome.kept);
    }
  }
  // Without any field the inputs were wrong: tables of an earlier run are better than empty ones.
  if (sources.length === 0) return { records, problems, files: [] };
  const scored = options.classifier !== null || options.segmenter.locates === true;
  const files = await writeResultTables(options.out, records, scored, options.threshold);
  if (options.submission) files.push(await writeSubmission(options.out, records));
  if (options.coco) files.push(await writeCocoResults(options.out, records));
  if (options.geojson) files.push(...(await writeGeoJson(options.out, records)));
  return { records, problems, files };
}

type Outcome = FinishedField | { readonly problem: CytolocusError; readonly field: string };

/** Fields that wait or run in each thread, so that none is idle. */
const AHEAD = 2;

/** The fields' outcomes in their order. */
async function* outcomesOf(
  sources: readonly FieldSource[],
  options: PredictionRunOptions,
  events: PredictionRunEvents,
): AsyncGenerator<Outcome> {
  const orProblem = async (source: FieldSource, work: Promise<FinishedField>): Promise<Outcome> => {
    try {
      return await work;
    } catch (error) {
      return { problem: toProblem(error, source.id), field: source.id };
    }
  };
  const { parallel } = options;
  const threads = Math.min(parallel?.workers ?? 1, sources.length);
  if (parallel === undefined || threads < 2) {
    const onStage = (id: string) => (stage: PredictionStage) => events.stage?.(stage, id);
    yield* inOrder(sources, 1, (source) =>
      orProblem(source, finishField(source, options, onStage(source.id))),
    );
    return;
  }
  const pool = openFieldPool(threads);
  const { out, pixelSizes, edge, pictures } = options;
  const runtimeThreads = Math.max(1, Math.floor(availableParallelism() / threads));
  const finish = async (source: FieldSource): Promise<FinishedField> => {
    const task = { source, setup: parallel.setup, runtimeThreads, out, pixelSizes, edge, pictures };
    const answer = await pool.run(task);
    if ('problem' in answer) throw new CytolocusError(answer.problem.code, answer.problem.message);
    return answer;
  };
  try {
    yield* inOrder(sources, AHEAD * threads, (source) => orProblem(source, finish(source)));
  } finally {
    await pool.close();
  }
}
