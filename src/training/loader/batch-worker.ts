// Runs in a worker thread: crops in shared memory to a batch of floats.
import { crc32 } from 'node:zlib';
import { createRandom, LOCATIONS } from '../../common/index.js';
import type { Channel } from '../../imaging/index.js';
import type { Moved } from '../../io/index.js';
import { type Augmentation, augmentCrop, plainCrop } from '../augmentation.js';
import { type CropSlots, slotBytes } from './slots.js';

export interface BatchTask {
  readonly slots: CropSlots;
  /** The slot of each crop of the batch, and the checksum it should have. */
  readonly places: Uint32Array;
  readonly checksums: Uint32Array;
  /** Room for the crops as floats; handed over. */
  readonly crops: Float32Array<ArrayBuffer>;
  /** One number a crop and location; handed over. */
  readonly labels: Float32Array<ArrayBuffer>;
  /** As many entry weights, or none; handed over. */
  readonly entryWeights: Float32Array<ArrayBuffer>;
  readonly channels: readonly Channel[];
  readonly sizePx: number;
  /** null: the crops as they are. */
  readonly augmentation: Augmentation | null;
  /** What the variation depends on: seed, epoch, step. */
  readonly seeds: readonly [number, number, number];
}

export interface BatchAnswer {
  readonly crops: Float32Array<ArrayBuffer>;
  readonly labels: Float32Array<ArrayBuffer>;
  readonly entryWeights: Float32Array<ArrayBuffer>;
  /** Place in the batch of a crop whose checksum does not fit; -1 where all do. */
  readonly damaged: number;
}

export default function fillBatch(task: BatchTask): Moved<BatchAnswer> {
  const { slots, places, checksums, crops, labels, entryWeights, channels, sizePx, augmentation } = task;
  const [seed, epoch, step] = task.seeds;
  const random = createRandom(seed).fork(epoch).fork(step);
  const classes = LOCATIONS.length;
  let damaged = -1;
  for (let i = 0; i < places.length; i++) {
    const source = slotBytes(slots, places[i]);
    if (crc32(source) !== checksums[i]) damaged = i;
    const target = crops.subarray(i * source.length, (i + 1) * source.length);
    const label = labels.subarray(i * classes, (i + 1) * classes);
    if (augmentation === null) {
      plainCrop(source, target);
      continue;
    }
    const dimmed = augmentCrop(source, target, label, channels, sizePx, augmentation, random);
    // Its label is known for sure now.
    if (dimmed) entryWeights.subarray(i * classes, (i + 1) * classes).fill(1);
  }
  return {
    result: { crops, labels, entryWeights, damaged },
    moved: [crops.buffer, labels.buffer, entryWeights.buffer],
  };
}
