import { createRandom, InputError, LOCATIONS, type Random } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import type { Batch, BatchSource } from '../learn/index.js';
import { LOGITS_OUTPUT } from '../networks/index.js';
import { type Augmentation, augmentCrop, plainCrop } from './augmentation.js';
import { drawBags } from './bags.js';
import { type CellIndex, cropOf, targetsOf } from './cells.js';
import type { Lessons } from './lessons.js';

/** Name of the classifier's input in its description. */
export const CROPS_INPUT = 'crops';

export interface TrainingBatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly augmentation: Augmentation;
  /** What an epoch is made of: indices of cells, repeated ones as often. */
  readonly samples: Uint32Array;
  /** One weight a sample. */
  readonly weights: Float32Array;
  /** What each cell is taught. */
  readonly lessons: Lessons;
  /** So many neighbours in a batch come from one image; null: any cells stand together. */
  readonly bagSize: number | null;
}

/**
 * Batches for training: every epoch all samples in a new order and newly varied, full batches only (the rest of an epoch
 * comes in another). What an epoch holds depends on the seed and the epoch's number alone.
 * @throws InputError `too-few-cells`
 */
export function trainingBatches(
  cells: readonly CellIndex[],
  crop: Pick<CropOptions, 'channels' | 'sizePx'>,
  options: TrainingBatchOptions,
): BatchSource {
  const { batchSize, seed, augmentation, samples, weights, bagSize } = options;
  const { targets, entryWeights } = options.lessons;
  const images = Array.from(samples, (cell) => cells[cell].field.key);
  const orderOf = (random: Random) =>
    bagSize === null ? shuffledIndices(samples.length, random) : drawBags(images, bagSize, random);
  const steps = Math.floor(orderOf(createRandom(seed)).length / batchSize);
  if (steps === 0) {
    throw new InputError(
      'too-few-cells',
      `training: ${samples.length} cell(s) are fewer than one batch of ${batchSize}; give more fields or a smaller batch`,
    );
  }
  const classes = LOCATIONS.length;
  return {
    steps,
    *read(epoch) {
      const random = createRandom(seed).fork(epoch);
      const order = orderOf(random);
      for (let step = 0; step < steps; step++) {
        const chosen = order.subarray(step * batchSize, (step + 1) * batchSize);
        const batch = emptyBatch(batchSize, crop);
        const entries = entryWeights === null ? null : new Float32Array(batch.labels.length);
        for (let k = 0; k < batchSize; k++) {
          const cell = samples[chosen[k]];
          const labels = batch.labels.subarray(k * classes, (k + 1) * classes);
          const own = [cell * classes, (cell + 1) * classes] as const;
          labels.set(targets.subarray(...own));
          const target = batch.crops.subarray(k * batch.cropLength, (k + 1) * batch.cropLength);
          const { channels, sizePx } = crop;
          const dimmed = augmentCrop(
            cropOf(cells[cell]),
            target,
            labels,
            channels,
            sizePx,
            augmentation,
            random,
          );
          if (entryWeights !== null)
            entries!.set(dimmed ? CERTAIN : entryWeights.subarray(...own), k * classes);
        }
        yield toBatch(
          batchSize,
          batch,
          Float32Array.from(chosen, (sample) => weights[sample]),
          entries,
        );
      }
    },
  };
}

/** Entry weights of a crop whose label is known for sure. */
const CERTAIN = new Float32Array(LOCATIONS.length).fill(1);

function shuffledIndices(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

/** Batches for judging: all cells once, in order, as they are; the last batch may be short. */
export function judgingBatches(
  cells: readonly CellIndex[],
  crop: Pick<CropOptions, 'channels' | 'sizePx'>,
  batchSize: number,
): BatchSource {
  const steps = Math.ceil(cells.length / batchSize);
  return {
    steps,
    *read() {
      for (let step = 0; step < steps; step++) {
        const chosen = cells.slice(step * batchSize, (step + 1) * batchSize);
        const batch = emptyBatch(chosen.length, crop);
        chosen.forEach((cell, k) => {
          batch.labels.set(targetsOf(cell.field.locations), k * LOCATIONS.length);
          plainCrop(cropOf(cell), batch.crops.subarray(k * batch.cropLength, (k + 1) * batch.cropLength));
        });
        yield toBatch(chosen.length, batch);
      }
    },
  };
}

function emptyBatch(count: number, { channels, sizePx }: Pick<CropOptions, 'channels' | 'sizePx'>) {
  const cropLength = channels.length * sizePx ** 2;
  return {
    cropLength,
    crops: new Float32Array(count * cropLength),
    labels: new Float32Array(count * LOCATIONS.length),
  };
}

function toBatch(
  count: number,
  { crops, labels }: { crops: Float32Array; labels: Float32Array },
  sampleWeights?: Float32Array,
  entryWeights: Float32Array | null = null,
): Batch {
  return {
    count,
    inputs: { [CROPS_INPUT]: crops },
    targets: { [LOGITS_OUTPUT]: labels },
    ...(sampleWeights ? { sampleWeights } : {}),
    ...(entryWeights ? { entryWeights: { [LOGITS_OUTPUT]: entryWeights } } : {}),
  };
}
