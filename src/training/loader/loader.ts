import { availableParallelism } from 'node:os';
import { createRandom, InputError } from '../../common/index.js';
import {
  type CropStore,
  cropBytes,
  damagedCrop,
  groupByShard,
  type StoredCell,
} from '../../dataset/index.js';
import { openWorkerPool, type WorkerPool } from '../../io/index.js';
import type { Batch, BatchSource } from '../../learn/index.js';
import { LOGITS_OUTPUT } from '../../networks/index.js';
import type { Augmentation } from '../augmentation.js';
import { CROPS_INPUT } from '../batches.js';
import { copiedLabels, type Lessons, rowsOf } from '../lessons.js';
import type { BatchAnswer, BatchTask } from './batch-worker.js';
import { type CropFeed, type FeedOptions, openFeed } from './feed.js';
import { divideMemory, HELD } from './memory.js';
import { shuffledOrder, storedOrder } from './order.js';

/** Threads that turn crops into batches; several loaders may share them. */
export type BatchPool = WorkerPool<BatchTask, BatchAnswer>;

/**
 * @param threads @default one a core, at most `MOST_THREADS`
 */
export function openBatchPool(threads = Math.min(MOST_THREADS, availableParallelism())): BatchPool {
  return openWorkerPool(new URL('./batch-worker.js', import.meta.url), threads);
}

/** More threads would make batches faster than any network of ours learns from them, and each takes memory. */
const MOST_THREADS = 8;

export interface LoaderOptions {
  readonly pool: BatchPool;
  readonly batchSize: number;
  /**
   * Most memory that reading takes in the process: the table of the store's cells, threads, crops on their way, cached crops,
   * batches. What the others leave of it holds crops that are read once and stay.
   */
  readonly memoryBytes: number;
  /** Epochs that will be read; the loader reads ahead over their borders, but not beyond the last. */
  readonly epochs: number;
  /**
   * In training every epoch brings the crops in a new order and newly varied, and full batches only. Without it they come
   * as they lie in the store, unchanged, and the last batch may be short.
   */
  readonly training?: {
    readonly seed: number;
    readonly augmentation: Augmentation | null;
    /** One weight a cell. */
    readonly weights: Float32Array;
    /** What each cell is taught. @default its image's locations */
    readonly lessons?: Lessons;
    /** Crops among which the next one is drawn. */
    readonly window: number;
  };
  readonly onRead?: FeedOptions['onRead'];
}

/** Batches from a store of crops, prepared ahead by worker threads while the last one is learnt from. */
export interface StoreLoader extends BatchSource {
  /**
   * The batches of an epoch. What it brings depends on the seed, the window and the epoch alone, not on memory or threads.
   * The arrays of a batch are used again once the second batch after it was asked for.
   * @throws InputError what is wrong with the store, `store-crop-damaged`
   */
  read(epoch: number): AsyncGenerator<Batch>;
  close(): Promise<void>;
}

/** Crops among which the next one is drawn, where nothing else is said. */
export const DEFAULT_WINDOW = 2048;

/**
 * Opens a loader over some cells of a store.
 * @param cells in the order of the store
 * @throws InputError `too-few-cells`, `loader-memory` where the limit is below what the window and the batches need
 */
export function openLoader(
  store: CropStore,
  cells: readonly StoredCell[],
  options: LoaderOptions,
): StoreLoader {
  const { pool, batchSize, training, epochs } = options;
  const { channels, sizePx } = store.description.crop;
  const length = cropBytes(store.description);
  const steps = training ? Math.floor(cells.length / batchSize) : Math.ceil(cells.length / batchSize);
  if (steps === 0) {
    throw new InputError(
      'too-few-cells',
      `${store.folder}: ${cells.length} cell(s) are fewer than one batch of ${batchSize}; use more fields or a smaller batch`,
    );
  }
  const window = Math.min(training?.window ?? 0, cells.length);
  const { slots, cached, ahead } = divideMemory(store, cells.length, {
    ...options,
    threads: pool.threads,
    window,
  });
  const shards = numberShards(cells);
  const orderOf = (epoch: number) =>
    training
      ? shuffledOrder(shards, window, createRandom(training.seed).fork(epoch))
      : storedOrder(cells.length);
  const lessons = training?.lessons ?? copiedLabels(cells);
  const { targets, entryWeights: weighed } = lessons;
  const spare: Float32Array<ArrayBuffer>[] = [];
  const held: Float32Array<ArrayBuffer>[] = [];
  const queue: Promise<Made>[] = [];
  let feed: CropFeed | null = null;
  let given = { epoch: 0, step: 0 };
  let next = { epoch: 0, step: 0 };

  const make = async (from: CropFeed, epoch: number, step: number): Promise<Made> => {
    const begin = step * batchSize;
    const end = Math.min(cells.length, begin + batchSize);
    const taken = await from.take(epoch, begin, end);
    const labels = rowsOf(taken, targets);
    const entryWeights = weighed === null ? new Float32Array(0) : rowsOf(taken, weighed);
    const room = spare.pop() ?? new Float32Array(batchSize * length);
    const task: BatchTask = {
      ...{
        slots,
        crops: room,
        labels,
        entryWeights,
        channels,
        sizePx,
        augmentation: training?.augmentation ?? null,
      },
      places: taken.map((index) => from.slotOf(index)),
      checksums: taken.map((index) => cells[index].crc32),
      seeds: [training?.seed ?? 0, epoch, step],
    };
    const answer = await pool.run(task, [room.buffer, labels.buffer, entryWeights.buffer]);
    from.release(taken);
    // The rest of an epoch that fills no batch is not given, but was read.
    if (training && step === steps - 1) from.release(await from.take(epoch, end, cells.length));
    if (answer.damaged >= 0) throw damagedCrop(store, cells[taken[answer.damaged]]);
    const batch: Batch = {
      count: taken.length,
      inputs: { [CROPS_INPUT]: answer.crops.subarray(0, taken.length * length) },
      targets: { [LOGITS_OUTPUT]: answer.labels },
      ...(training ? { sampleWeights: Float32Array.from(taken, (index) => training.weights[index]) } : {}),
      ...(answer.entryWeights.length > 0 ? { entryWeights: { [LOGITS_OUTPUT]: answer.entryWeights } } : {}),
    };
    return { batch, room: answer.crops };
  };
  const prepare = (from: CropFeed) => {
    while (queue.length < ahead && next.epoch < epochs) {
      const batch = make(from, next.epoch, next.step);
      // A failure is thrown when its batch's turn comes, not reported as unhandled.
      batch.catch(() => {});
      queue.push(batch);
      next = after(next, steps);
    }
  };
  const stop = async () => {
    await feed?.close();
    await Promise.allSettled(queue.splice(0));
    held.length = 0;
    feed = null;
  };
  const start = async (epoch: number): Promise<CropFeed> => {
    if (feed !== null && given.epoch === epoch && given.step === 0) return feed;
    await stop();
    given = { epoch, step: 0 };
    next = given;
    const { onRead } = options;
    feed = openFeed(store, cells, {
      ...{ slots, cached, window, orderOf, first: epoch, end: epochs },
      ...(onRead ? { onRead } : {}),
    });
    return feed;
  };

  return {
    steps,
    async *read(epoch) {
      const from = await start(epoch);
      for (let step = 0; step < steps; step++) {
        prepare(from);
        const { batch, room } = await queue.shift()!;
        given = after(given, steps);
        held.push(room);
        yield batch;
        if (held.length >= HELD) spare.push(held.shift()!);
      }
    },
    close: stop,
  };
}

/** A batch and the memory that its crops fill, perhaps not to its end. */
interface Made {
  readonly batch: Batch;
  readonly room: Float32Array<ArrayBuffer>;
}

function after({ epoch, step }: { epoch: number; step: number }, steps: number) {
  return step + 1 < steps ? { epoch, step: step + 1 } : { epoch: epoch + 1, step: 0 };
}

/** The cells' indices, shard by shard. */
function numberShards(cells: readonly StoredCell[]): number[][] {
  let index = 0;
  return groupByShard(cells).map((group) => group.map(() => index++));
}
