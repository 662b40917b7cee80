import { createRandom, type Random } from '../common/index.js';
import type { Batch, BatchSource } from '../learn/index.js';
import {
  MAP_NAMES,
  MAPS_OUTPUT,
  PLANES_INPUT,
  SEGMENTER_NORMALISATION,
  type SegmenterDescription,
} from '../networks/index.js';
import { drawPatch, type Patch, plainPatch, type SegmenterAugmentation } from './segmenter-augmentation.js';
import type { SegmenterImage } from './segmenter-images.js';

export interface PatchBatchOptions {
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly augmentation: SegmenterAugmentation;
}

/**
 * Batches for training: patches of images drawn with a probability that goes with the root of their area (in proportion,
 * a few large images would be most of it). What an epoch holds depends on the seed and the epoch's number alone.
 */
export function patchBatches(
  images: readonly SegmenterImage[],
  network: SegmenterDescription,
  { batchSize, stepsPerEpoch, seed, augmentation }: PatchBatchOptions,
): BatchSource {
  const sums: number[] = [];
  for (const { width, height } of images) sums.push((sums[sums.length - 1] ?? 0) + Math.sqrt(width * height));
  const draw = (random: Random) => {
    const at = random.uniform() * sums[sums.length - 1];
    return images[sums.findIndex((sum) => at < sum)];
  };
  return {
    steps: stepsPerEpoch,
    *read(epoch) {
      const random = createRandom(seed).fork(epoch);
      for (let step = 0; step < stepsPerEpoch; step++) {
        yield makeBatch(network, batchSize, (patch) =>
          drawPatch(draw(random), network.patchPx, SEGMENTER_NORMALISATION.most, augmentation, random, patch),
        );
      }
    },
  };
}

/** Batches for judging: the middle of each image as it is; the last batch may be short. */
export function middleBatches(
  images: readonly SegmenterImage[],
  network: SegmenterDescription,
  batchSize: number,
): BatchSource {
  return {
    steps: Math.ceil(images.length / batchSize),
    *read() {
      for (let start = 0; start < images.length; start += batchSize) {
        const chosen = images.slice(start, start + batchSize);
        yield makeBatch(network, chosen.length, (patch, k) =>
          plainPatch(chosen[k], network.patchPx, SEGMENTER_NORMALISATION.most, patch),
        );
      }
    },
  };
}

function makeBatch(
  { channels, patchPx }: SegmenterDescription,
  count: number,
  write: (patch: Patch, k: number) => void,
): Batch {
  const area = patchPx * patchPx;
  const planes = new Float32Array(count * channels.length * area);
  const targets = new Float32Array(count * MAP_NAMES.length * area);
  const entryWeights = new Float32Array(targets.length);
  const part = (data: Float32Array, k: number) =>
    data.subarray((k * data.length) / count, ((k + 1) * data.length) / count);
  for (let k = 0; k < count; k++) {
    write({ planes: part(planes, k), targets: part(targets, k), entryWeights: part(entryWeights, k) }, k);
  }
  return {
    count,
    inputs: { [PLANES_INPUT]: planes },
    targets: { [MAPS_OUTPUT]: targets },
    entryWeights: { [MAPS_OUTPUT]: entryWeights },
  };
}
