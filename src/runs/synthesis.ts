import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { openWorkerPool, prepareFolder, readTextIfThere, writeFileAtomic, writeTable } from '../io/index.js';
import { type SynthSettings, validateSynthSettings } from '../synthetic/index.js';
import {
  type FieldOrder,
  type FieldTruth,
  readFieldTruth,
  syntheticId,
  writeSyntheticField,
} from './synthesis-field.js';
import { describeSettings } from './synthesis-settings.js';
import type { FieldAnswer } from './synthesis-worker.js';

export interface SynthesisRun {
  readonly ids: readonly string[];
  readonly cells: number;
  /** Fields that an earlier run had made. */
  readonly kept: number;
}

export interface SynthesisOptions {
  /** Called as each field is done, in any order. */
  readonly onField?: (id: string, cells: number) => void;
  /** Threads that make fields; the files are the same for any number. @default 1, in the caller's thread */
  readonly workers?: number;
}

/**
 * Makes synthetic fields of view in a folder: image files, `train.csv`, and the truth as design.md lays it out. Fields
 * that are there already are kept, so a run that was stopped goes on, and a larger `images` adds to it.
 *
 * @param images how many fields: those with indices 0 to `images` - 1
 * @throws InputError `bad-synth-settings`; `other-settings`: the folder holds fields of other settings; `not-writable`
 */
export async function runSynthesis(
  images: number,
  settings: SynthSettings,
  out: string,
  { onField, workers = 1 }: SynthesisOptions = {},
): Promise<SynthesisRun> {
  validateSynthSettings(settings);
  await prepareFolder(out);
  await claimFolder(out, settings);
  const ids = Array.from({ length: images }, (_, index) => syntheticId(settings, index));
  const truths: FieldTruth[] = new Array(images);
  const missing: number[] = [];
  for (let index = 0; index < images; index++) {
    const old = await readFieldTruth(out, ids[index]);
    if (old === null) missing.push(index);
    else {
      truths[index] = old;
      onField?.(ids[index], old.cellLocations.length);
    }
  }
  await makeFields(missing, { out, settings }, Math.min(workers, missing.length), (index, truth) => {
    truths[index] = truth;
    onField?.(ids[index], truth.cellLocations.length);
  });
  await writeTable(
    join(out, 'train.csv'),
    ['ID', 'Label'],
    truths.map(({ locations }, i) => [ids[i], locations.join('|')]),
  );
  await writeTable(
    join(out, 'truth', 'cells.csv'),
    ['field', 'cell', 'locations'],
    truths.flatMap(({ cellLocations }, i) =>
      cellLocations.map((locations, k) => [ids[i], k + 1, locations.join('|')]),
    ),
  );
  const cells = truths.reduce((sum, { cellLocations }) => sum + cellLocations.length, 0);
  return { ids, cells, kept: images - missing.length };
}

/** Makes the fields of the given indices; after the first failure no further one is begun. */
async function makeFields(
  indices: readonly number[],
  order: Omit<FieldOrder, 'index'>,
  workers: number,
  onDone: (index: number, truth: FieldTruth) => void,
): Promise<void> {
  if (workers <= 1) {
    for (const index of indices) onDone(index, await writeSyntheticField({ ...order, index }));
    return;
  }
  const pool = openWorkerPool<FieldOrder, FieldAnswer>(
    new URL('./synthesis-worker.js', import.meta.url),
    workers,
  );
  try {
    await Promise.all(
      indices.map(async (index) => {
        const answer = await pool.run({ ...order, index });
        if ('problem' in answer) throw new InputError(answer.problem.code, answer.problem.message);
        onDone(index, answer.truth);
      }),
    );
  } finally {
    // After a failure this gives up the fields that wait.
    await pool.close();
  }
}

/** Writes the settings into an empty folder, or makes sure that they are those of the fields already there. */
async function claimFolder(out: string, settings: SynthSettings): Promise<void> {
  const path = join(out, 'settings.json');
  const text = describeSettings(settings);
  const old = await readTextIfThere(path);
  if (old === text) return;
  if (old !== null) {
    throw new InputError(
      'other-settings',
      `${out}: holds synthetic fields of other settings (see settings.json there); choose another --out or remove the folder`,
    );
  }
  await writeFileAtomic(path, text);
}
