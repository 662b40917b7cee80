import { createHash } from 'node:crypto';
import { InputError } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizes, writeFileAtomic } from '../io/index.js';
import { type EpochRecord, exportOnnx, fit, type Progress } from '../learn/index.js';
import {
  encodeSegmenterMetadata,
  FORMAT_VERSION,
  MAP_NAMES,
  SEGMENTER_NORMALISATION,
  type SegmenterDescription,
  type SegmenterMetadata,
  type SegmenterTarget,
  segmenterNetworkNamed,
} from '../networks/index.js';
import { openResume } from './resume.js';
import {
  CELLS_AUGMENTATION,
  NUCLEI_AUGMENTATION,
  type SegmenterAugmentation,
} from './segmenter-augmentation.js';
import { middleBatches, patchBatches } from './segmenter-batches.js';
import {
  type GatheredImages,
  gatherImages,
  type SegmenterImage,
  splitValidation,
} from './segmenter-images.js';

/** All that decides what `trainSegmenter` makes. */
export interface SegmenterRecipe {
  /** Folders of images with outlines: see `GatherImagesOptions`. */
  readonly data: readonly string[];
  /** Name of a network description; it says whether nuclei or cells are learned. */
  readonly network: string;
  readonly epochs: number;
  /** Patches are drawn anew without end, so an epoch is so many steps. */
  readonly stepsPerEpoch: number;
  /** Patches a step. */
  readonly batchSize: number;
  /** Highest learning rate: reached after half an epoch, then falling to 0 as half a cosine. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** For the split, the first weights, and the drawing and varying of patches. */
  readonly seed: number;
  /** Ids of the images that are kept for judging; null: a share of them. */
  readonly validationIds: readonly string[] | null;
  /** Share of the images that is kept for judging where no ids are given, 0 (none) to below 1. */
  readonly validationShare: number;
  readonly pixelSizes: PixelSizes;
}

/** A recipe's values where none are given. */
export const DEFAULT_SEGMENTER_RECIPE: Omit<SegmenterRecipe, 'data'> = {
  network: 'cells_unet',
  epochs: 10,
  stepsPerEpoch: 100,
  batchSize: 8,
  learningRate: 0.003,
  weightDecay: 0.01,
  seed: 1,
  validationIds: null,
  validationShare: 0.1,
  pixelSizes: ASSUMED_PIXEL_SIZES,
};

const AUGMENTATIONS: Record<SegmenterTarget, SegmenterAugmentation> = {
  nuclei: NUCLEI_AUGMENTATION,
  cells: CELLS_AUGMENTATION,
};

/** Borders between objects are few pixels, and all that keeps two cells apart. */
const MAP_WEIGHTS: Record<SegmenterTarget, readonly number[]> = { nuclei: [1, 5, 2], cells: [1, 3, 1] };

/** How a training reports and what it keeps on disk; nothing of this changes the result. */
export interface SegmenterTrainingEvents {
  /** While images are read. */
  readonly onImage?: (done: number, total: number) => void;
  readonly onGathered?: (
    gathered: GatheredImages,
    images: { readonly training: number; readonly validation: number },
  ) => void;
  /** After each step and each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Folder for the checkpoint of the last epoch: the same call again after a stop goes on from it and ends as an unbroken one
   * would; one with more epochs goes on from a finished one.
   */
  readonly resumeFolder?: string;
  readonly signal?: AbortSignal;
}

export interface TrainedSegmenter {
  /** The ONNX file, metadata included: free in batch, width and height. */
  readonly onnx: Uint8Array;
  readonly metadata: SegmenterMetadata;
  readonly history: readonly EpochRecord[];
  readonly gathered: GatheredImages;
  /** `aborted`: the signal came; the weights are those of the last step. */
  readonly stopped: 'finished' | 'early' | 'aborted';
}

/**
 * Trains a segmenter's network from images with outlines: for each pixel whether it lies inside an object, at a border
 * between two, and how far from its outline (cross-entropy against numbers in [0, 1]).
 *
 * @param recipe what differs from `DEFAULT_SEGMENTER_RECIPE`
 * @throws InputError `no-training-images`, `bad-recipe`, `resume-other-recipe`; UsageError `unknown-network`; ModelError
 *   `loss-not-finite`
 */
export async function trainSegmenter(
  runtime: Runtime,
  recipe: Pick<SegmenterRecipe, 'data'> & Partial<SegmenterRecipe>,
  events: SegmenterTrainingEvents = {},
): Promise<TrainedSegmenter> {
  const full: SegmenterRecipe = { ...DEFAULT_SEGMENTER_RECIPE, ...recipe };
  const network = segmenterNetworkNamed(full.network);
  const model = network.build();
  const gathered = await gatherImages(network, {
    folders: full.data,
    pixelSizes: full.pixelSizes,
    onImage: events.onImage,
  });
  const listed = full.validationIds === null ? null : new Set(full.validationIds);
  const { training, validation } = splitValidation(gathered.images, listed, full.validationShare, full.seed);
  if (training.length === 0) {
    throw new InputError(
      'bad-recipe',
      'training: every image is kept for validation; none is left to learn from',
    );
  }
  events.onGathered?.(gathered, { training: training.length, validation: validation.length });
  const resume = await openResume(
    events.resumeFolder,
    // A longer training may go on from a shorter one: its learning rate then rises again.
    JSON.stringify(
      { recipe: { ...full, epochs: undefined }, model, images: digestImages(training) },
      null,
      2,
    ),
  );
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights, history, stopped } = await fit(runtime, {
    model,
    seed: full.seed,
    losses: [{ type: 'sigmoidCrossEntropy', entryWeights: true, classWeights: MAP_WEIGHTS[network.target] }],
    optimizer: { type: 'adamw', learningRate: full.learningRate, weightDecay: full.weightDecay },
    schedule: { type: 'cosine', warmupEpochs: 0.5 },
    batchSize: full.batchSize,
    epochs: full.epochs,
    train: patchBatches(training, network, { ...full, augmentation: AUGMENTATIONS[network.target] }),
    ...(validation.length > 0 ? { validation: middleBatches(validation, network, full.batchSize) } : {}),
    ...(resume.checkpoint ? { resume: resume.checkpoint } : {}),
    ...(events.onProgress ? { onProgress: events.onProgress } : {}),
    ...(events.signal ? { signal: events.signal } : {}),
    async onCheckpoint(bytes) {
      if (resume.path !== null) await writeFileAtomic(resume.path, bytes);
    },
  });
  const metadata = describe(full, network, {
    epochs: history.length,
    trainingImages: training.length,
    validationImages: validation.length,
  });
  const onnx = exportOnnx(model, weights, {
    metadata: encodeSegmenterMetadata(metadata),
    activation: 'sigmoid',
    freeSize: true,
  });
  return { onnx, metadata, history, gathered, stopped };
}

function digestImages(images: readonly SegmenterImage[]): string {
  const hash = createHash('sha256');
  for (const { id, planes, targets } of images) {
    hash.update(id);
    for (const plane of planes) hash.update(plane);
    hash.update(targets.distance);
  }
  return hash.digest('hex');
}

function describe(
  recipe: SegmenterRecipe,
  network: SegmenterDescription,
  facts: { epochs: number; trainingImages: number; validationImages: number },
): SegmenterMetadata {
  const { seed, stepsPerEpoch, batchSize, learningRate, weightDecay } = recipe;
  return {
    kind: 'segmenter',
    formatVersion: FORMAT_VERSION,
    network: network.name,
    target: network.target,
    channels: [...network.channels],
    maps: [...MAP_NAMES],
    pixelSizeUm: network.pixelSizeUm,
    multiplePx: network.multiplePx,
    haloPx: network.haloPx,
    normalisation: SEGMENTER_NORMALISATION,
    training: {
      seed,
      stepsPerEpoch,
      batchSize,
      learningRate,
      weightDecay,
      patchPx: network.patchPx,
      ...facts,
    },
  };
}
