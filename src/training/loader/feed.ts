import { type CropStore, follows, openShard, type StoredCell } from '../../dataset/index.js';
import type { NpyReader } from '../../io/index.js';
import type { EpochOrder } from './order.js';
import { type CropSlots, slotBytes } from './slots.js';

export interface FeedOptions {
  readonly slots: CropSlots;
  /** So many crops stay in memory for good; the slots must have room for these beside the moving ones. */
  readonly cached: number;
  readonly window: number;
  readonly orderOf: (epoch: number) => EpochOrder;
  /** The epochs from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  /** Told of every request to the disk. */
  readonly onRead?: (shard: number, firstRow: number, rows: number) => void;
}

/** Crops on their way from the disk into memory, epoch after epoch, as far ahead as there are free slots. */
export interface CropFeed {
  /**
   * Waits until the crops that an epoch gives at the places `begin` to before `end` are in memory; their indices.
   * @throws InputError what is wrong with the store
   */
  take(epoch: number, begin: number, end: number): Promise<Uint32Array>;
  /** The slot of a crop that was taken. */
  slotOf(index: number): number;
  /** Says that crops that were taken are no longer needed. */
  release(indices: Uint32Array): void;
  /** Stops reading. */
  close(): Promise<void>;
}

/** Bytes of one request to the disk. */
export const READ_BYTES = 4 * 2 ** 20;

/** Starts reading. @param cells in the order of their places on the disk */
export function openFeed(store: CropStore, cells: readonly StoredCell[], options: FeedOptions): CropFeed {
  const { slots, cached, window, first, end } = options;
  const perRead = Math.max(1, Math.floor(READ_BYTES / slots.cropBytes));
  const slotOf = new Int32Array(cells.length).fill(-1);
  // How many epochs still want a crop that is in memory; cached ones are wanted for ever.
  const wanted = new Uint16Array(cells.length);
  const free = Array.from({ length: slots.count }, (_, slot) => slot);
  const orders = new Map<number, EpochOrder>();
  const orderOf = (epoch: number) => {
    const order = orders.get(epoch) ?? options.orderOf(epoch);
    orders.set(epoch, order);
    return order;
  };
  let cachedCount = 0;
  /** Crops read since the first epoch's begin, those that were in memory already included. */
  let position = 0;
  let closed = false;
  const changed = createSignal();

  const readRun = async (file: NpyReader, run: Uint32Array) => {
    while (free.length < run.length && !closed) await changed.wait();
    if (closed) return;
    const places = free.splice(free.length - run.length);
    const { shard, row } = cells[run[0]];
    options.onRead?.(shard, row, run.length);
    await file.read(
      row,
      places.map((slot) => slotBytes(slots, slot)),
    );
    run.forEach((index, i) => {
      slotOf[index] = places[i];
      if (cachedCount < cached) {
        cachedCount++;
        wanted[index]++;
      }
    });
  };
  const readEpoch = async (reads: Uint32Array) => {
    let file: NpyReader | null = null;
    let shard = -1;
    try {
      for (let at = 0; at < reads.length && !closed; ) {
        let next = at + 1;
        if (slotOf[reads[at]] < 0) {
          const isNext = (place: number) =>
            slotOf[reads[place]] < 0 && follows(cells[reads[place - 1]], cells[reads[place]]);
          while (next < reads.length && next - at < perRead && isNext(next)) next++;
          if (file === null || shard !== cells[reads[at]].shard) {
            await file?.close();
            shard = cells[reads[at]].shard;
            file = await openShard(store, [cells[reads[at]]]);
          }
          await readRun(file, reads.subarray(at, next));
        }
        for (let place = at; place < next; place++) wanted[reads[place]]++;
        position += next - at;
        at = next;
        changed.raise();
      }
    } finally {
      await file?.close();
    }
  };
  let failure: unknown = null;
  const reading = (async () => {
    try {
      for (let epoch = first; epoch < end && !closed; epoch++) await readEpoch(orderOf(epoch).reads);
    } catch (error) {
      failure = error;
      changed.raise();
    }
  })();

  return {
    async take(epoch, begin, takeEnd) {
      const needed = (epoch - first) * cells.length + Math.min(cells.length, window + takeEnd);
      while (position < needed && failure === null && !closed) await changed.wait();
      if (failure !== null) throw failure;
      if (position < needed) throw new Error('the feed was closed before its crops were read');
      // The epoch before may still ask for its rest.
      orders.delete(epoch - 2);
      return orderOf(epoch).gives.subarray(begin, takeEnd);
    },
    slotOf: (index) => slotOf[index],
    release(indices) {
      for (const index of indices) {
        wanted[index]--;
        if (wanted[index] > 0) continue;
        free.push(slotOf[index]);
        slotOf[index] = -1;
      }
      changed.raise();
    },
    async close() {
      closed = true;
      changed.raise();
      await reading;
    },
  };
}

/** Wakes all who wait for something to change. */
function createSignal() {
  let wake: (() => void)[] = [];
  return {
    wait: () => new Promise<void>((resolve) => wake.push(resolve)),
    raise() {
      const sleepers = wake;
      wake = [];
      for (const resolve of sleepers) resolve();
    },
  };
}
