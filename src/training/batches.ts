import { createRandom, InputError, LOCATIONS } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import type { Batch, BatchSource } from '../learn/index.js';
import { type Augmentation, augmentCrop, plainCrop } from './augmentation.js';
import { type CellIndex, cropOf, targetsOf } from './cells.js';

/** Names of the classifier's input and output in its description. */
export const CROPS_INPUT = 'crops';
export const LOGITS_OUTPUT = 'logits';

export interface TrainingBatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly augmentation: Augmentation;
  /** One weight a cell. */
  readonly weights: Float32Array;
}

/**
 * Batches for training: every epoch all cells in a new order and newly varied, full batches only (the rest of an epoch
 * comes in another). What an epoch holds depends on the seed and the epoch's number alone.
 * @throws InputError `too-few-cells`
 */
export function trainingBatches(
  cells: readonly CellIndex[],
  crop: Pick<CropOptions, 'channels' | 'sizePx'>,
  options: TrainingBatchOptions,
): BatchSource {
  const { batchSize, seed, augmentation, weights } = options;
  const steps = Math.floor(cells.length / batchSize);
  if (steps === 0) {
    throw new InputError(
      'too-few-cells',
      `training: ${cells.length} cell(s) are fewer than one batch of ${batchSize}; give more fields or a smaller batch`,
    );
  }
  return {
    steps,
    *read(epoch) {
      const random = createRandom(seed).fork(epoch);
      const order = Uint32Array.from(cells, (_, i) => i);
      for (let i = order.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        const held = order[i];
        order[i] = order[j];
        order[j] = held;
      }
      for (let step = 0; step < steps; step++) {
        const chosen = order.subarray(step * batchSize, (step + 1) * batchSize);
        const batch = emptyBatch(batchSize, crop);
        for (let k = 0; k < batchSize; k++) {
          const cell = cells[chosen[k]];
          const labels = batch.labels.subarray(k * LOCATIONS.length, (k + 1) * LOCATIONS.length);
          labels.set(targetsOf(cell.field.locations));
          const target = batch.crops.subarray(k * batch.cropLength, (k + 1) * batch.cropLength);
          augmentCrop(cropOf(cell), target, labels, crop.channels, crop.sizePx, augmentation, random);
        }
        yield toBatch(
          batchSize,
          batch,
          Float32Array.from(chosen, (index) => weights[index]),
        );
      }
    },
  };
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
): Batch {
  return {
    count,
    inputs: { [CROPS_INPUT]: crops },
    targets: { [LOGITS_OUTPUT]: labels },
    ...(sampleWeights ? { sampleWeights } : {}),
  };
}
