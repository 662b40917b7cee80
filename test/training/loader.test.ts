import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CropStore, openStore } from '../../src/dataset/index.js';
import type { Batch } from '../../src/learn/index.js';
import { DEFAULT_AUGMENTATION } from '../../src/training/index.js';
import { type LoaderOptions, openBatchPool, openLoader } from '../../src/training/loader/index.js';
import { bytesBesideBuffers } from '../../src/training/loader/memory.js';
import { sharedFolder, temporaryFolder } from '../cli/harness.js';
import { CROP_BYTES, writeStore } from '../dataset/store.js';

const pool = openBatchPool(2);
afterAll(() => pool.close());

// 26 crops in seven shards of four; each is filled with its own number.
const folder = sharedFolder();
await writeStore(folder, [
  ['a', 9],
  ['b', 9],
  ['c', 8],
]);
const store = await openStore(folder);
const VALUES = [9, 9, 8].flatMap((count, n) => Array.from({ length: count }, (_, k) => 10 * n + k + 1));
const WINDOW = 5;
/** What the threads and the table of cells take, and room for all crops. */
const BESIDE = bytesBesideBuffers(26, pool.threads);
const LARGE = BESIDE + 2 ** 20;

/** Memory for the crops and so many batches: five at best (two given, one a thread, one ready), three at least. */
const memoryFor = (batches: number) => BESIDE + 26 * CROP_BYTES + batches * 4 * CROP_BYTES * 4;

const TRAINING = {
  ...{ seed: 1, augmentation: null, window: WINDOW },
  weights: Float32Array.from(store.cells, (_, i) => i),
};

function optionsOf(changed: Partial<LoaderOptions> = {}): LoaderOptions {
  return { pool, batchSize: 4, epochs: 3, memoryBytes: LARGE, training: TRAINING, ...changed };
}

/** What the crops of a batch are filled with. */
function valuesOf({ inputs, count }: Batch): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(inputs.crops[i * CROP_BYTES] * 255));
}

async function readEpoch(loader: ReturnType<typeof openLoader>, epoch: number): Promise<number[]> {
  const values: number[] = [];
  for await (const batch of loader.read(epoch)) values.push(...valuesOf(batch));
  return values;
}

async function readAll(changed: Partial<LoaderOptions> = {}, from: CropStore = store): Promise<number[][]> {
  const loader = openLoader(from, from.cells, optionsOf(changed));
  try {
    return [await readEpoch(loader, 0), await readEpoch(loader, 1), await readEpoch(loader, 2)];
  } finally {
    await loader.close();
  }
}

test('every epoch brings every crop at most once, in another order, with its label and weight', async () => {
  const loader = openLoader(store, store.cells, optionsOf());
  expect(loader.steps).toBe(6);
  const epochs: number[][] = [];
  for (const epoch of [0, 1, 2]) {
    const values: number[] = [];
    for await (const batch of loader.read(epoch)) {
      values.push(...valuesOf(batch));
      expect(valuesOf(batch).map((value) => VALUES.indexOf(value))).toEqual([...batch.sampleWeights!]);
      expect([...batch.targets.logits].flatMap((on, i) => (on ? [i % 19] : []))).toEqual([3, 3, 3, 3]);
    }
    epochs.push(values);
  }
  await loader.close();
  for (const values of epochs) {
    expect(new Set(values).size).toBe(24);
    expect(values.every((value) => VALUES.includes(value))).toBe(true);
  }
  expect(epochs[0]).not.toEqual(epochs[1]);
});

test('what an epoch brings depends on seed, window and epoch, not on memory or on where reading began', async () => {
  const whole = await readAll();
  expect(await readAll({ memoryBytes: memoryFor(5) })).toEqual(whole);
  expect(await readAll({ memoryBytes: memoryFor(3) })).toEqual(whole);
  const loader = openLoader(store, store.cells, optionsOf());
  expect(await readEpoch(loader, 2)).toEqual(whole[2]);
  expect(await readEpoch(loader, 1)).toEqual(whole[1]);
  await loader.close();
  expect(await readAll({ training: { ...TRAINING, seed: 2 } })).not.toEqual(whole);
});

test('varied crops are the same for the same seed', async () => {
  const training = { ...TRAINING, augmentation: DEFAULT_AUGMENTATION };
  const varied = await readAll({ training });
  expect(varied).toEqual(await readAll({ training }));
  expect(varied).not.toEqual(await readAll());
});

test('a reader that stops within an epoch can begin it again', async () => {
  const loader = openLoader(store, store.cells, optionsOf());
  for await (const _ of loader.read(0)) break;
  expect(await readEpoch(loader, 0)).toEqual((await readAll())[0]);
  await loader.close();
});

test('for judging crops come as they lie, the last batch short', async () => {
  const loader = openLoader(store, store.cells, { pool, batchSize: 4, epochs: 2, memoryBytes: LARGE });
  const sizes: number[] = [];
  for await (const { count } of loader.read(0)) sizes.push(count);
  expect(sizes).toEqual([4, 4, 4, 4, 4, 4, 2]);
  expect(await readEpoch(loader, 1)).toEqual(VALUES);
  await loader.close();
});

test('what memory has room for is read once; the rest in runs through whole shards', async () => {
  const reads: [number, number, number][] = [];
  const onRead = (...request: [number, number, number]) => reads.push(request);
  await readAll({ onRead });
  expect(reads).toHaveLength(7);
  for (const [, first, rows] of reads) expect([first, rows]).toEqual([0, rows < 4 ? 2 : 4]);
});

test('a damaged crop ends the epoch with an error that names it; a shard that goes missing too', async () => {
  const damaged = temporaryFolder();
  await writeStore(damaged, [['a', 26]]);
  const opened = await openStore(damaged);
  const path = join(damaged, 'crops-00003.npy');
  const bytes = readFileSync(path);
  bytes[130] ^= 1;
  writeFileSync(path, bytes);
  await expect(readAll({}, opened)).rejects.toMatchObject({ code: 'store-crop-damaged' });
  rmSync(path);
  await expect(readAll({}, opened)).rejects.toMatchObject({ code: 'store-shard-missing' });
});

test('a limit below what the window needs, and fewer cells than a batch, are refused', () => {
  const open = (changed: Partial<LoaderOptions>) => () => openLoader(store, store.cells, optionsOf(changed));
  expect(open({ memoryBytes: memoryFor(3) })).not.toThrow();
  expect(open({ memoryBytes: memoryFor(3) - 1 })).toThrow(
    /limit of 51 MB is below the 51 MB that 26 cells, 2 threads, a window of 5 crops and batches of 4 need/,
  );
  expect(open({ batchSize: 27 })).toThrow('26 cell(s) are fewer than one batch of 27');
});
