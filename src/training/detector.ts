import { createHash } from 'node:crypto';
import { InputError, LOCATIONS } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import type { Channel } from '../imaging/index.js';
import { ASSUMED_PIXEL_SIZES, writeFileAtomic } from '../io/index.js';
import {
  drawWeights,
  type EpochRecord,
  exportOnnx,
  fit,
  listWeights,
  type ModelSpec,
  type Progress,
  type Weights,
} from '../learn/index.js';
import {
  buildMaskRcnn,
  CLASSES_OUTPUT,
  type ClassHead,
  type DetectorMetadata,
  detectorMultiplePx,
  detectorNetworkNamed,
  encodeDetectorMetadata,
  FORMAT_VERSION,
  loadDetector,
  type MaskRcnnOptions,
  maskRcnnLosses,
  PROPOSAL_OVERLAP,
  SEGMENTER_NORMALISATION,
} from '../networks/index.js';
import { ASKED_LAYERS, detectorBatches } from './detector-batches.js';
import { judgeDetector } from './detector-evaluation.js';
import {
  type DetectorData,
  type DetectorImage,
  type GatheredDetectorImages,
  gatherDetectorImages,
} from './detector-images.js';
import type { DetectorPlan } from './detector-targets.js';
import { openResume } from './resume.js';
import { splitValidation } from './segmenter-images.js';

/** All that decides what `trainDetector` makes. */
export interface DetectorRecipe extends DetectorData {
  /** Name of a network description. */
  readonly network: string;
  /** Input planes, in order; a missing one is dark. */
  readonly channels: readonly Channel[];
  readonly classHead: ClassHead;
  /** Side of the patches that it learns from, in the network's pixels; a multiple of 32. */
  readonly patchPx: number;
  readonly epochs: number;
  /** null: as many as show each image once. */
  readonly stepsPerEpoch: number | null;
  /** Patches a step. */
  readonly batchSize: number;
  /** Highest learning rate: reached after half an epoch, then falling to 0 as half a cosine. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** For the split, the first weights, and the drawing and varying of patches. */
  readonly seed: number;
  /** Share of the images that is kept for judging, 0 (none) to below 1. */
  readonly validationShare: number;
}

/** A recipe's values where none are given. */
export const DEFAULT_DETECTOR_RECIPE: Omit<DetectorRecipe, 'coco' | 'images'> = {
  network: 'mask_rcnn_tiny',
  channels: ['microtubules', 'protein', 'nuclei', 'er'],
  classHead: 'sigmoid',
  patchPx: 256,
  epochs: 10,
  stepsPerEpoch: null,
  batchSize: 4,
  learningRate: 0.002,
  weightDecay: 0.01,
  seed: 1,
  validationShare: 0.1,
  pixelSizes: ASSUMED_PIXEL_SIZES,
};

/** A gradient longer than this is shortened: the first proposals are wild. */
const CLIP_NORM = 5;
/** Share of the weights' running average that stays at each step. */
const AVERAGING = 0.995;
/** Proposals and cells at inference; overlaps as torchvision's and Detectron2's defaults. */
const DETECTION = {
  perLevel: 300,
  kept: 300,
  overlap: PROPOSAL_OVERLAP,
  leastScore: 0.3,
  cellOverlap: 0.5,
  cells: 300,
};
/** First guess that a region is a cell of a location (Lin et al. 2017, focal loss, section 4.1). */
const PRIOR = 0.05;

/** How a training reports and what it keeps on disk; nothing of this changes the result. */
export interface DetectorTrainingEvents {
  /** While images are read. */
  readonly onImage?: (done: number, total: number) => void;
  readonly onGathered?: (
    gathered: GatheredDetectorImages,
    images: { readonly training: number; readonly validation: number },
  ) => void;
  /** After each step and each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Folder for the checkpoint of the last epoch: the same call again after a stop goes on from it and ends as an unbroken one
   * would.
   */
  readonly resumeFolder?: string;
  readonly signal?: AbortSignal;
}

export interface TrainedDetector {
  /** The ONNX file, metadata included: free in width, height and the number of regions. */
  readonly onnx: Uint8Array;
  readonly metadata: DetectorMetadata;
  readonly model: ModelSpec;
  readonly history: readonly EpochRecord[];
  readonly gathered: GatheredDetectorImages;
  /** `aborted`: the signal came; the weights are those of the last step. */
  readonly stopped: 'finished' | 'early' | 'aborted';
}

/**
 * Trains a Mask R-CNN from a COCO data set: proposals, boxes, locations and masks together.
 * @param recipe what differs from `DEFAULT_DETECTOR_RECIPE`
 * @throws InputError `bad-recipe`, `resume-other-recipe`, and what `gatherDetectorImages` throws; UsageError `unknown-network`;
 *   ModelError `loss-not-finite`
 */
export async function trainDetector(
  runtime: Runtime,
  recipe: Pick<DetectorRecipe, 'coco' | 'images'> & Partial<DetectorRecipe>,
  events: DetectorTrainingEvents = {},
): Promise<TrainedDetector> {
  const full: DetectorRecipe = { ...DEFAULT_DETECTOR_RECIPE, ...recipe };
  const network = detectorNetworkNamed(full.network);
  const multiplePx = detectorMultiplePx(network);
  if (full.patchPx % multiplePx !== 0) {
    throw new InputError(
      'bad-recipe',
      `training: patches of ${full.patchPx} pixels; expected a multiple of ${multiplePx}`,
    );
  }
  const gathered = await gatherDetectorImages(full, full.channels, network.pixelSizeUm, events.onImage);
  const { training, validation } = splitValidation(gathered.images, null, full.validationShare, full.seed);
  if (training.length === 0) {
    throw new InputError(
      'bad-recipe',
      'training: every image is kept for validation; none is left to learn from',
    );
  }
  events.onGathered?.(gathered, { training: training.length, validation: validation.length });
  const options: MaskRcnnOptions = {
    ...network.options,
    classHead: full.classHead,
    classes: LOCATIONS.length,
  };
  const plan: DetectorPlan = { network, options, channels: full.channels.length, patchPx: full.patchPx };
  const model = buildMaskRcnn(options, full.channels.length, full.patchPx);
  const stepsPerEpoch = full.stepsPerEpoch ?? Math.ceil(training.length / full.batchSize);
  const resume = await openResume(
    events.resumeFolder,
    JSON.stringify(
      { recipe: { ...full, epochs: undefined }, model, images: digestImages(training) },
      null,
      2,
    ),
  );
  const counts = { trainingImages: training.length, validationImages: validation.length };
  const exported = (weights: Weights, epochs: number) => {
    const metadata = describe(full, { epochs, ...counts });
    return { metadata, onnx: exportDetector(model, weights, metadata) };
  };
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights, history, stopped } = await fit(runtime, {
    model,
    weights: firstWeights(model, options, full.seed),
    seed: full.seed,
    losses: maskRcnnLosses(options),
    optimizer: {
      ...{ type: 'adamw', learningRate: full.learningRate },
      ...{ weightDecay: full.weightDecay, clipNorm: CLIP_NORM },
    },
    schedule: { type: 'cosine', warmupEpochs: 0.5 },
    averaging: AVERAGING,
    batchSize: full.batchSize,
    epochs: full.epochs,
    train: detectorBatches(training, plan, { ...full, stepsPerEpoch }),
    asks: ASKED_LAYERS,
    ...(validation.length > 0
      ? { evaluate: (judged: Weights) => judge(runtime, exported(judged, 0).onnx, validation) }
      : {}),
    ...(resume.checkpoint ? { resume: resume.checkpoint } : {}),
    ...(events.onProgress ? { onProgress: events.onProgress } : {}),
    ...(events.signal ? { signal: events.signal } : {}),
    async onCheckpoint(bytes) {
      if (resume.path !== null) await writeFileAtomic(resume.path, bytes);
    },
  });
  return { ...exported(weights, history.length), model, history, gathered, stopped };
}

async function judge(runtime: Runtime, onnx: Uint8Array, images: readonly DetectorImage[]) {
  const detector = await loadDetector(runtime, onnx);
  try {
    return { ...(await judgeDetector(detector, images)) };
  } finally {
    await detector.release();
  }
}

/** The file of a trained network. */
export function exportDetector(model: ModelSpec, weights: Weights, metadata: DetectorMetadata): Uint8Array {
  return exportOnnx(model, weights, { metadata: encodeDetectorMetadata(metadata), freeSize: true });
}

/** Drawn by the seed; the layers that answer begin small, so that the first proposals are the anchors themselves. */
function firstWeights(model: ModelSpec, { classHead }: MaskRcnnOptions, seed: number): Weights {
  const weights = drawWeights(listWeights(model), seed);
  for (const [name, { data }] of Object.entries(weights)) {
    const answers = /^(proposal_(objectness|codes)_p2|classes|boxes|masks)\.weight$/.test(name);
    if (answers) for (let i = 0; i < data.length; i++) data[i] *= 0.1;
  }
  if (classHead === 'sigmoid') weights[`${CLASSES_OUTPUT}.bias`].data.fill(Math.log(PRIOR / (1 - PRIOR)));
  return weights;
}

function digestImages(images: readonly DetectorImage[]): string {
  const hash = createHash('sha256');
  for (const { id, planes, instances } of images) {
    hash.update(id);
    for (const plane of planes) hash.update(plane);
    for (const { x, y, width, height, mask, locations } of instances) {
      hash.update(JSON.stringify([x, y, width, height, locations]));
      hash.update(mask);
    }
  }
  return hash.digest('hex');
}

function describe(
  recipe: DetectorRecipe,
  facts: { epochs: number; trainingImages: number; validationImages: number },
): DetectorMetadata {
  const network = detectorNetworkNamed(recipe.network);
  const { seed, batchSize, learningRate, weightDecay, patchPx } = recipe;
  return {
    kind: 'detector',
    formatVersion: FORMAT_VERSION,
    network: network.name,
    channels: [...recipe.channels],
    classes: [...LOCATIONS],
    classHead: recipe.classHead,
    pixelSizeUm: network.pixelSizeUm,
    multiplePx: detectorMultiplePx(network),
    anchors: {
      strides: [...network.options.anchors.strides],
      sizes: [...network.options.anchors.sizes],
      ratios: [...network.options.anchors.ratios],
    },
    canonicalSidePx: network.canonicalSidePx,
    normalisation: SEGMENTER_NORMALISATION,
    detection: DETECTION,
    training: { seed, batchSize, learningRate, weightDecay, patchPx, ...facts },
  };
}
