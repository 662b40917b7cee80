import { LOCATIONS, NEGATIVE } from '../common/index.js';
import { cropOfSize } from '../crops/index.js';
import type { Runtime } from '../engine/index.js';
import { writeFileAtomic } from '../io/index.js';
import {
  type BatchSource,
  type EpochRecord,
  type FitOptions,
  type FitResult,
  fit,
  type LossSpec,
  type ModelSpec,
  type Progress,
} from '../learn/index.js';
import {
  type ClassifierMetadata,
  exportClassifier,
  FORMAT_VERSION,
  loadClassifier,
  type NetworkDescription,
  networkNamed,
} from '../networks/index.js';
import { CROPS_INPUT } from './batches.js';
import type { LeftOut } from './cells.js';
import { openTrainingData } from './data.js';
import { copiedLabels } from './lessons.js';
import { type ClassifierRecipe, checkRecipe, DEFAULT_RECIPE } from './recipe.js';
import { openResume, type Resume } from './resume.js';
import { drawUpLessons, keepLessons, lastKeptLessons } from './rounds.js';
import { joinRows, type RankingScores, rankingScores } from './scores.js';
import type { TrainingData } from './training-data.js';
import { describeWeakLabels, roundEnds, usesRounds } from './weak-labels.js';

/** How a training reports and what it keeps on disk; nothing of this changes the result. */
export interface TrainingEvents {
  /** While cells are cut out. */
  readonly onField?: (done: number, total: number) => void;
  /** Once all cells are known: what is left out is listed there. */
  readonly onGathered?: (leftOut: LeftOut, cells: { training: number; validation: number }) => void;
  /** Before each round of a method that draws up its labels anew; counted from 1. */
  readonly onRound?: (round: number, rounds: number) => void;
  /** After each step and each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /** After an epoch: where its checkpoint lies, if there is a folder for it. */
  readonly onCheckpoint?: (path: string, epoch: number) => void;
  /**
   * Folder for the checkpoint of the last epoch. One of the same recipe that lies there is gone on from, so the same
   * call again after a stop gives what an unbroken training would have given.
   */
  readonly resumeFolder?: string;
  /** Most memory for reading a store. @default 1 GiB */
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
 * Trains a classifier of cells from the weak labels of images, in the way of `recipe.weakLabels`; scores are independent of
 * each other (sigmoid) or sum to 1 (softmax). Images are split into training and validation so that no image's cells are in
 * both; rare locations are made up for by `recipe.balance`.
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
    crop: cropOfSize(network.inputPx),
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
  const { validation, leftOut } = data;
  const model = network.build(data.crop.channels.length, LOCATIONS.length);
  events.onGathered?.(leftOut, { training: data.samples, validation: data.validationLabels.length });
  const resume = await openResume(
    events.resumeFolder,
    JSON.stringify({ recipe, model, cells: data.digest }, null, 2),
  );
  const { weights, history, stopped } = await fitInRounds(runtime, recipe, model, data, resume, events);
  const metadata = describe(recipe, data, history.length);
  const onnx = exportClassifier(model, weights, metadata);
  const scores = validation
    ? rankingScores(
        await scoreCrops(runtime, onnx, validation.read(recipe.epochs)),
        copiedLabels(data.validationLabels.map((locations) => ({ locations }))).targets,
      )
    : null;
  return { onnx, metadata, history, validation: scores, leftOut, stopped };
}

/** One training whose labels are drawn up anew between its rounds, if the method has more than one. */
async function fitInRounds(
  runtime: Runtime,
  recipe: ClassifierRecipe,
  model: ModelSpec,
  data: TrainingData,
  resume: Resume,
  events: TrainingEvents,
): Promise<FitResult> {
  const { weakLabels, epochs } = recipe;
  const { cells } = data;
  const ends = usesRounds(weakLabels) ? roundEnds(weakLabels, epochs) : [epochs];
  let { checkpoint } = resume;
  // Without a checkpoint, lessons of a later round are of another training that was stopped and half removed.
  const begun = checkpoint === null ? null : await lastKeptLessons(resume.folder, ends.length, cells.length);
  let round = begun?.round ?? 0;
  let lessons = begun?.lessons ?? drawUpLessons(cells, null, weakLabels);
  for (;;) {
    events.onRound?.(round + 1, ends.length);
    // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
    const result = await fit(runtime, {
      model,
      seed: recipe.seed,
      ...lossesOf(recipe, data),
      optimizer: { type: 'adamw', learningRate: recipe.learningRate, weightDecay: recipe.weightDecay },
      schedule: { type: 'cosine', warmupEpochs: Math.min(1, epochs / 4) },
      ...(recipe.averaging === null ? {} : { averaging: recipe.averaging }),
      batchSize: recipe.batchSize,
      ...{ epochs, stopAfter: ends[round] },
      train: await data.openTraining(lessons, ends[round]),
      ...(data.validation ? { validation: data.validation } : {}),
      ...(checkpoint ? { resume: checkpoint } : {}),
      ...(events.onProgress ? { onProgress: events.onProgress } : {}),
      ...(events.signal ? { signal: events.signal } : {}),
      async onCheckpoint(bytes, { epoch }) {
        checkpoint = bytes;
        if (resume.path === null) return;
        await writeFileAtomic(resume.path, bytes);
        events.onCheckpoint?.(resume.path, epoch);
      },
    });
    round++;
    if (result.stopped !== 'finished' || round === ends.length) return result;
    const review = await data.openReview();
    const onnx = exportClassifier(model, result.weights, describe(recipe, data, ends[round - 1]));
    lessons = drawUpLessons(cells, await scoreCrops(runtime, onnx, review.read(0)), weakLabels);
    await review.close();
    if (resume.folder !== null) await keepLessons(resume.folder, round, lessons);
  }
}

/** What is learned from, and what the validation is judged by: the images' labels, whatever the training makes of them. */
function lossesOf(
  recipe: ClassifierRecipe,
  data: TrainingData,
): Pick<FitOptions, 'losses' | 'judgingLosses'> {
  const { activation, weakLabels } = recipe;
  const weights = classWeightsOf(data);
  if (activation === 'softmax') {
    return { losses: [{ type: 'softmaxCrossEntropy', targets: 'probabilities', ...weights }] };
  }
  const asCopied: LossSpec = { type: 'sigmoidCrossEntropy', ...weights };
  if (usesRounds(weakLabels))
    return { losses: [{ ...asCopied, entryWeights: true }], judgingLosses: [asCopied] };
  if (weakLabels.method === 'copy') return { losses: [asCopied] };
  const { pooling, bagSize, bagShare } = weakLabels;
  // That a cell of a bag shows nothing makes no other cell of it Negative.
  const bags: LossSpec = {
    type: 'bags',
    pooling,
    bagSize,
    share: bagShare,
    onlyPositive: [NEGATIVE],
    ...weights,
  };
  const losses = bagShare === 1 ? [bags] : [{ ...asCopied, share: 1 - bagShare }, bags];
  return { losses, judgingLosses: [asCopied] };
}

/** Without them the loss's graph stays the smaller one. */
function classWeightsOf({ classWeights }: TrainingData) {
  return classWeights.every((weight) => weight === 1) ? {} : { classWeights };
}

function describe(recipe: ClassifierRecipe, data: TrainingData, epochs: number): ClassifierMetadata {
  return {
    kind: 'classifier',
    formatVersion: FORMAT_VERSION,
    network: recipe.network,
    classes: [...LOCATIONS],
    activation: recipe.activation,
    crop: { ...data.crop, channels: [...data.crop.channels] },
    training: {
      seed: recipe.seed,
      epochs,
      batchSize: recipe.batchSize,
      learningRate: recipe.learningRate,
      weightDecay: recipe.weightDecay,
      averaging: recipe.averaging ?? 'none',
      ...describeWeakLabels(recipe.weakLabels),
      outlines: data.outlines,
      balance: data.balance,
      fields: data.fields,
      trainingCells: data.samples,
      validationCells: data.validationLabels.length,
      ...(data.leftOut.untaught.length > 0
        ? { untaught: data.leftOut.untaught.map((id) => LOCATIONS[id]).join(', ') }
        : {}),
    },
  };
}

/** The scores of all crops that a source brings, in its order: crops x 19. */
async function scoreCrops(
  runtime: Runtime,
  onnx: Uint8Array,
  batches: ReturnType<BatchSource['read']>,
): Promise<Float32Array> {
  const classifier = await loadClassifier(runtime, onnx);
  const scores: Float32Array[] = [];
  for await (const batch of batches) {
    scores.push(await classifier.classify(batch.inputs[CROPS_INPUT], batch.count));
  }
  await classifier.release();
  return joinRows(scores);
}
