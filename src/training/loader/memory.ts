import { InputError } from '../../common/index.js';
import { type CropStore, cropBytes } from '../../dataset/index.js';
import { READ_BYTES } from './feed.js';
import { type CropSlots, createSlots } from './slots.js';

/*
 * What reading takes beside its buffers: growth of the resident memory of the built program, Node 20 on Linux
 * (docs/benchmarks.md, store).
 */
/** The store's table (700, half of it garbage of reading it), an epoch's order, what the cell is taught. */
const CELL_BYTES = 800;
/** A thread with the modules it loads. */
const THREAD_BYTES = 16 * 2 ** 20;
/** What the main thread's heap grows by, however small the store. */
const REST_BYTES = 16 * 2 ** 20;

/** The last batches given, which the caller may still use. */
export const HELD = 2;

/** Memory that a loader takes beside its buffers. */
export function bytesBesideBuffers(cells: number, threads: number): number {
  return cells * CELL_BYTES + threads * THREAD_BYTES + REST_BYTES;
}

export interface MemoryOptions {
  /** The limit. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly window: number;
  readonly batchSize: number;
}

export interface Division {
  /** Room for crops. */
  readonly slots: CropSlots;
  /** How many of them may stay. */
  readonly cached: number;
  /** Batches prepared before they are asked for. */
  readonly ahead: number;
}

/**
 * Divides the memory: batches ahead, one for each thread and one that is ready, or fewer where there is no room for so many;
 * the rest holds crops.
 * @throws InputError `loader-memory`
 */
export function divideMemory(
  store: CropStore,
  cells: number,
  { memoryBytes, threads, window, batchSize }: MemoryOptions,
): Division {
  const length = cropBytes(store.description);
  const beside = bytesBesideBuffers(cells, threads);
  const batchBytes = batchSize * length * Float32Array.BYTES_PER_ELEMENT;
  for (let ahead = threads + 1; ; ahead--) {
    const taken = beside + (ahead + HELD) * batchBytes;
    // The window, the crops of batches in work and of an epoch's rest, and two requests to the disk.
    const moving = window + (ahead + 1) * batchSize + 2 * Math.max(1, Math.floor(READ_BYTES / length));
    const affordable = Math.floor((memoryBytes - taken) / length);
    if (affordable >= Math.min(moving, cells)) {
      const count = Math.min(cells, affordable);
      return { slots: createSlots(count, length), cached: count === cells ? cells : count - moving, ahead };
    }
    if (ahead > 1) continue;
    const mb = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
    throw new InputError(
      'loader-memory',
      `${store.folder}: the limit of ${mb(memoryBytes)} is below the ${mb(taken + Math.min(moving, cells) * length)} that ` +
        `${cells} cells, ${threads} threads, a window of ${window} crops and batches of ${batchSize} need; ` +
        'raise the limit, or take a smaller window or batch',
    );
  }
}
