import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type CytolocusError, createRandom, InputError } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import {
  type Balance,
  type CellFacts,
  describeStore,
  joinLabels,
  openStoreForAppend,
  readLabels,
  type StoreWriter,
} from '../dataset/index.js';
import { type ChannelNames, type FieldSource, findFields, type PixelSizes, stampFile } from '../io/index.js';
import { type CutField, type CuttingPool, openCuttingPool } from '../training/index.js';
import { inOrder } from './in-order.js';
import { toProblem } from './problems.js';
import { sourceFacts } from './source-facts.js';
import { VERSION } from './version.js';

export interface CroppingOptions {
  /** Folder of the store: made, or added to. */
  readonly out: string;
  /** Label table; null: the crops bear no locations. */
  readonly labels: string | null;
  readonly crop: CropOptions;
  readonly pixelSizes: PixelSizes;
  /** What files call the channels. @default as `findFields` */
  readonly channelNames?: ChannelNames;
  /** Folder of label images `ID/cells.png`; null: cells are outlined as in prediction. */
  readonly masksFolder: string | null;
  /** A field with more cells gives so many of them, drawn by the seed; null: all. */
  readonly cellsPerField: number | null;
  readonly seed: number;
  /** Noted in the store for training; all crops are kept. */
  readonly balance: Balance | null;
  /** Threads that cut; one a core where absent. */
  readonly threads?: number;
}

export interface CroppingEvents {
  /** All fields are known; the work begins. */
  found(total: number): void;
  /** A field's crops are in the store: `kept` from an earlier run, or just written. */
  done(field: string, cells: number, kept: boolean): void;
  /** Something is wrong; the other fields go on. */
  problem(problem: CytolocusError, field: string | null): void;
}

/** What a run did; everything left out is listed. */
export interface CroppingRun {
  /** Fields whose crops are in the store, and how many of them were there before. */
  readonly fields: number;
  readonly keptFields: number;
  /** Crops in the store. */
  readonly cells: number;
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
  readonly fieldsWithoutCells: readonly string[];
  readonly problems: readonly CytolocusError[];
}

interface Job {
  readonly source: FieldSource;
  readonly locations: readonly number[];
}

/** Fields cut ahead of the one that is written, for each thread. */
const AHEAD = 2;

/**
 * Cuts the cells of all fields of view out into a store. Worker threads read, outline and cut; one writer adds the fields
 * in their order, so the store's bytes do not depend on the number of threads. Fields that are in the store are left alone;
 * a bad field is reported and the others go on.
 * @throws InputError `not-writable`, and what `readLabels` and `openStoreForAppend` throw
 */
export async function runCropping(
  inputs: readonly string[],
  options: CroppingOptions,
  events: CroppingEvents,
): Promise<CroppingRun> {
  const { sources, problems: inputProblems } = await findFields(inputs, options.channelNames);
  const problems: CytolocusError[] = [];
  const report = (problem: CytolocusError, field: string | null) => {
    problems.push(problem);
    events.problem(problem, field);
  };
  for (const problem of inputProblems) report(problem, null);
  const { jobs, ...leftOut } = await labelFields(sources, options.labels);
  const outlines = options.masksFolder === null ? 'classical' : 'masks';
  const writer = await openStoreForAppend(
    options.out,
    describeStore(options.crop, outlines, VERSION, options.balance),
  );
  const pool = openCuttingPool(options.threads);
  const fieldsWithoutCells: string[] = [];
  let fields = 0;
  let keptFields = 0;
  try {
    events.found(jobs.length);
    for await (const outcome of inOrder(jobs, AHEAD * pool.threads, (job) =>
      cut(job, options, writer, pool),
    )) {
      const field = outcome.job.source.id;
      if (outcome.kind === 'problem') {
        report(outcome.problem, field);
        continue;
      }
      const kept = outcome.kind === 'kept';
      if (!kept) await writer.append(field, outcome.cells, outcome.crops, outcome.fingerprint);
      const count = kept ? outcome.count : outcome.cells.length;
      if (count === 0) fieldsWithoutCells.push(field);
      fields++;
      if (kept) keptFields++;
      events.done(field, count, kept);
    }
  } finally {
    await pool.close();
    await writer.close();
  }
  return { fields, keptFields, cells: writer.count, ...leftOut, fieldsWithoutCells, problems };
}

async function labelFields(sources: readonly FieldSource[], labels: string | null) {
  if (labels === null) {
    const jobs = sources.map((source): Job => ({ source, locations: [] }));
    return { jobs, imagesWithoutLabel: [], labelsWithoutImage: [] };
  }
  const table = await readLabels(labels);
  const { imagesWithoutLabel, labelsWithoutImage } = joinLabels(
    table,
    sources.map(({ id }) => id),
  );
  const jobs = sources.flatMap((source): Job[] => {
    const locations = table.locations.get(source.id);
    return locations === undefined ? [] : [{ source, locations }];
  });
  return { jobs, imagesWithoutLabel, labelsWithoutImage };
}

type Outcome = { readonly job: Job } & (
  | { readonly kind: 'kept'; readonly count: number }
  | {
      readonly kind: 'cut';
      readonly cells: readonly CellFacts[];
      readonly crops: Uint8Array;
      readonly fingerprint: string;
    }
  | { readonly kind: 'problem'; readonly problem: CytolocusError }
);

/** Never rejects: what is wrong with a field is its outcome. */
async function cut(
  job: Job,
  options: CroppingOptions,
  writer: StoreWriter,
  pool: CuttingPool,
): Promise<Outcome> {
  const { source } = job;
  try {
    const fingerprint = await fingerprintOf(job, options);
    const old = writer.finished.get(source.id);
    if (old?.fingerprint === fingerprint) return { job, kind: 'kept', count: old.cells };
    if (old !== undefined) throw changedField(source.id, options.out);
    const { crop, pixelSizes, masksFolder, cellsPerField } = options;
    // Seeded by the field's name: which cells are drawn does not depend on what other fields there are.
    const seed = createRandom(options.seed)
      .fork(crc32(source.id))
      .integer(2 ** 32);
    const answer = await pool.run({ source, seed, crop, pixelSizes, masksFolder, cellsPerField });
    if ('problem' in answer) throw new InputError(answer.problem.code, answer.problem.message);
    return { job, kind: 'cut', cells: factsOf(job, answer), crops: answer.crops, fingerprint };
  } catch (error) {
    return { job, kind: 'problem', problem: toProblem(error, source.id) };
  }
}

function factsOf({ source, locations }: Job, { regions, pixelSizeUm }: CutField): CellFacts[] {
  return regions.map(({ label, box, areaPx, touchesEdge }) => ({
    ...{ field: source.id, cell: label, locations, box, touchesEdge },
    areaUm2: Number((areaPx * pixelSizeUm ** 2).toFixed(2)),
  }));
}

/** Digest of all that the crops of a field depend on, but for what `store.json` says. */
async function fingerprintOf({ source, locations }: Job, options: CroppingOptions): Promise<string> {
  const { masksFolder, cellsPerField, seed, pixelSizes } = options;
  const mask = masksFolder === null ? null : join(masksFolder, source.id, 'cells.png');
  const facts = {
    ...(await sourceFacts(source, pixelSizes)),
    mask: mask === null ? null : [mask, await stampFile(mask)],
    ...{ locations, cellsPerField, seed: cellsPerField === null ? null : seed },
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function changedField(field: string, out: string): InputError {
  return new InputError(
    'store-field-changed',
    `field ${field}: its files, its label or the options changed since its crops were written to ${out}, which keeps the ` +
      'old ones; a store only grows: make it anew in another folder',
  );
}
