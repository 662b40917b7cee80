import { InputError, LOCATIONS } from '../common/index.js';
import { DEFAULT_CROP } from '../crops/index.js';
import type { Runtime } from '../engine/index.js';
import { writeFileAtomic } from '../io/index.js';
import {
  type BatchSource,
  type EpochRecord,
  exportOnnx,
  fit,
  type ModelSpec,
  type Progress,
  type Weights,
} from '../learn/index.js';
import {
  type ClassifierMetadata,
  encodeMetadata,
  FORMAT_VERSION,
  loadClassifier,
  type NetworkDescription,
  networkNamed,
} from '../networks/index.js';
import { CROPS_INPUT, LOGITS_OUTPUT } from './batches.js';
import { type LeftOut, targetsOf } from './cells.js';
import { openTrainingData, type TrainingData } from './data.js';
import { type ClassifierRecipe, DEFAULT_RECIPE } from './recipe.js';
import { openResume } from './resume.js';
import { joinRows, type RankingScores, rankingScores } from './scores.js';

/** How a training reports and what it keeps on disk; nothing of this changes the result. */
export interface TrainingEvents {
  /** While cells are cut out. */
  readonly onField?: (done: number, total: number) => void;
  /** Once all cells are known: what is left out is listed there. */
  readonly onGathered?: (leftOut: LeftOut, cells: { training: number; validation: number }) => void;
  /** After each step and each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /** After an epoch: where its checkpoint lies, if there is a folder for it. */
  readonly onCheckpoint?: (path: string, epoch: number) => void;
  /**
   * Folder for the checkpoint of the last epoch. One of the same recipe that lies there is gone on from, so the same
   * call again after a stop gives what an unbroken training would have given.
   */
  readonly resumeFolder?: string;
  /** Most memory for crops and batches from a store. @default 1 GiB */
  readonly memoryBytes?: number;
  readonly signal?: AbortSignal;
}

export interface TrainedClassifier {
  /** The ONNX file, metadata included. */
  readonly onnx: Uint8Array;
  readonly metadata: ClassifierMetadata;
  readonly history: readonly EpochRecord[];
  /** Ranking of the validation's cells against their images' weak labels; null without validation. */
  readonly validation: RankingScores | null;
  readonly leftOut: LeftOut;
  /** `aborted`: the signal came; the weights are those of the last step. */
  readonly stopped: 'finished' | 'early' | 'aborted';
}

const DEFAULT_MEMORY_BYTES = 2 ** 30;

/**
 * Trains a classifier of cells from the weak labels of images: each cell is given its image's locations, and scores are
 * independent of each other (sigmoid cross-entropy). Images are split into training and validation so that no image's
 * cells are in both; rare locations are made up for by `recipe.balance`.
 *
 * @param recipe what differs from `DEFAULT_RECIPE`
 * @throws InputError `no-training-fields`, `too-few-cells`, `bad-recipe`, `resume-other-recipe`, and what `readLabels`
 *   throws; UsageError `unknown-network`; ModelError `loss-not-finite`
 */
export async function trainClassifier(
  runtime: Runtime,
  recipe: Pick<ClassifierRecipe, 'data'> & Partial<ClassifierRecipe>,
  events: TrainingEvents = {},
): Promise<TrainedClassifier> {
  const full: ClassifierRecipe = { ...DEFAULT_RECIPE, ...recipe };
  checkRecipe(full);
  const network = networkNamed(full.network);
  const data = await openTrainingData(full, {
    network,
    crop: { ...DEFAULT_CROP, sizePx: network.inputPx },
    memoryBytes: events.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    ...(events.onField ? { onField: events.onField } : {}),
  });
  try {
    return await trainOn(runtime, full, network, data, events);
  } finally {
    await data.close();
  }
}

async function trainOn(
  runtime: Runtime,
  recipe: ClassifierRecipe,
  network: NetworkDescription,
  data: TrainingData,
  events: TrainingEvents,
): Promise<TrainedClassifier> {
  const { train, validation, leftOut } = data;
  const model = network.build(data.crop.channels.length, LOCATIONS.length);
  events.onGathered?.(leftOut, { training: data.trainingCells, validation: data.validationLabels.length });
  const resume = await openResume(
    events.resumeFolder,
    JSON.stringify({ recipe, model, cells: data.digest }, null, 2),
  );
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights, history, stopped } = await fit(runtime, {
    model,
    seed: recipe.seed,
    losses: [{ type: 'sigmoidCrossEntropy', ...classWeightsOf(data) }],
    optimizer: { type: 'adamw', learningRate: recipe.learningRate, weightDecay: recipe.weightDecay },
    schedule: { type: 'cosine', warmupEpochs: Math.min(1, recipe.epochs / 4) },
    batchSize: recipe.batchSize,
    epochs: recipe.epochs,
    train,
    ...(validation ? { validation } : {}),
    ...(resume.checkpoint ? { resume: resume.checkpoint } : {}),
    ...(events.onProgress ? { onProgress: events.onProgress } : {}),
    ...(events.signal ? { signal: events.signal } : {}),
    async onCheckpoint(bytes, { epoch }) {
      if (resume.path === null) return;
      await writeFileAtomic(resume.path, bytes);
      events.onCheckpoint?.(resume.path, epoch);
    },
  });
  const metadata = describe(recipe, data, history.length);
  const onnx = exportScores(model, weights, metadata);
  const scores = validation
    ? await scoreWeakly(runtime, onnx, validation.read(recipe.epochs), data.validationLabels)
    : null;
  return { onnx, metadata, history, validation: scores, leftOut, stopped };
}

/** Without them the loss's graph stays the smaller one. */
function classWeightsOf({ classWeights }: TrainingData) {
  return classWeights.every((weight) => weight === 1) ? {} : { classWeights };
}

/** @throws InputError `bad-recipe` */
function checkRecipe(recipe: ClassifierRecipe): void {
  const wrong = (name: string, value: number, expected: string) => {
    throw new InputError('bad-recipe', `training: ${name} is ${value}, expected ${expected}`);
  };
  for (const name of ['epochs', 'batchSize', 'cellsPerField'] as const) {
    if (!(Number.isInteger(recipe[name]) && recipe[name] >= 1))
      wrong(name, recipe[name], 'a whole number from 1 on');
  }
  if (!(recipe.learningRate > 0)) wrong('learningRate', recipe.learningRate, 'a number above 0');
  if (!(recipe.weightDecay >= 0)) wrong('weightDecay', recipe.weightDecay, 'a number from 0 on');
  if (!(recipe.validationShare >= 0 && recipe.validationShare < 1)) {
    wrong('validationShare', recipe.validationShare, 'a share from 0 to below 1');
  }
}

function describe(recipe: ClassifierRecipe, data: TrainingData, epochs: number): ClassifierMetadata {
  return {
    kind: 'classifier',
    formatVersion: FORMAT_VERSION,
    network: recipe.network,
    classes: [...LOCATIONS],
    activation: 'sigmoid',
    crop: { ...data.crop, channels: [...data.crop.channels] },
    training: {
      seed: recipe.seed,
      epochs,
      batchSize: recipe.batchSize,
      learningRate: recipe.learningRate,
      weightDecay: recipe.weightDecay,
      outlines: data.outlines,
      balance: data.balance,
      fields: data.fields,
      trainingCells: data.trainingCells,
      validationCells: data.validationLabels.length,
    },
  };
}

/** The network with its sigmoid as the output `scores`. */
function exportScores(model: ModelSpec, weights: Weights, metadata: ClassifierMetadata): Uint8Array {
  const scored: ModelSpec = {
    ...model,
    layers: [
      ...model.layers,
      { type: 'activation', name: 'scores', from: LOGITS_OUTPUT, activation: metadata.activation },
    ],
    outputs: ['scores'],
  };
  return exportOnnx(scored, weights, { metadata: encodeMetadata(metadata) });
}

async function scoreWeakly(
  runtime: Runtime,
  onnx: Uint8Array,
  batches: ReturnType<BatchSource['read']>,
  labels: readonly (readonly number[])[],
): Promise<RankingScores> {
  const classifier = await loadClassifier(runtime, onnx);
  const scores: Float32Array[] = [];
  for await (const batch of batches) {
    scores.push(await classifier.classify(batch.inputs[CROPS_INPUT], batch.count));
  }
  await classifier.release();
  return rankingScores(joinRows(scores), joinRows(labels.map(targetsOf)));
}
