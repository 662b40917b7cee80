import type { Random } from '../common/index.js';
import { type ClassifierHead, turnPlanes } from '../networks/index.js';
import { type Augmentation, augmentCrop, DEFAULT_AUGMENTATION, plainCrop } from './augmentation.js';
import { cropOf, type FieldCells, listCells, targetsOf } from './cells.js';

/** As many crops go through the network at a time. */
const BATCH = 64;

/**
 * Intensities vary more than in training, since the few fields at hand show few of the ways in which a field of their kind can be bright or dim; a
 * crop keeps its label.
 */
const VARIED: Augmentation = {
  ...DEFAULT_AUGMENTATION,
  freeTurn: 0.8,
  logGain: 0.4,
  logGamma: 0.35,
  toNegative: 0,
};

/**
 * Features of each cell of a field, its crop varied anew `variations` times: (cells variations) x features, the
 * variations of a cell one after the other.
 * @param onCrops told how many crops were done since it was last told
 */
export async function exampleFeatures(
  head: ClassifierHead,
  field: FieldCells,
  variations: number,
  random: Random,
  onCrops: (count: number) => void,
): Promise<Float32Array> {
  const { channels, sizePx } = head.metadata.crop;
  const labels = targetsOf(field.locations);
  const crops = listCells([field]).map(cropOf);
  return inBatches(head, crops.length * variations, onCrops, (index, target) => {
    const crop = crops[Math.floor(index / variations)];
    augmentCrop(crop, target, labels, channels, sizePx, VARIED, random);
  });
}

/**
 * Features of each cell of a field as prediction sees it: its crop turned `turns` times (see `turnPlanes`): (cells
 * turns) x features, the turns of a cell one after the other.
 */
export async function turnedFeatures(
  head: ClassifierHead,
  field: FieldCells,
  turns: number,
  onCrops: (count: number) => void,
): Promise<Float32Array> {
  const { channels, sizePx } = head.metadata.crop;
  const crops = listCells([field]).map(cropOf);
  const plain = new Float32Array(channels.length * sizePx ** 2);
  return inBatches(head, crops.length * turns, onCrops, (index, target) => {
    plainCrop(crops[Math.floor(index / turns)], plain);
    turnPlanes(plain, target, channels.length, sizePx, index % turns);
  });
}

async function inBatches(
  head: ClassifierHead,
  count: number,
  onCrops: (count: number) => void,
  fill: (index: number, target: Float32Array) => void,
): Promise<Float32Array> {
  const { channels, sizePx } = head.metadata.crop;
  const length = channels.length * sizePx ** 2;
  const features = new Float32Array(count * head.features);
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const crops = new Float32Array(size * length);
    for (let k = 0; k < size; k++) fill(start + k, crops.subarray(k * length, (k + 1) * length));
    features.set(await head.extract(crops, size), start * head.features);
    onCrops(size);
  }
  return features;
}
