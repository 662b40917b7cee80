import { createHash } from 'node:crypto';
import { InputError, LOCATIONS } from '../common/index.js';
import { type CropOptions, DEFAULT_CROP } from '../crops/index.js';
import { splitImages } from '../dataset/index.js';
import type { Runtime } from '../engine/index.js';
import { writeFileAtomic } from '../io/index.js';
import {
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
  networkNamed,
} from '../networks/index.js';
import { balanceWeights } from './balance.js';
import { CROPS_INPUT, judgingBatches, LOGITS_OUTPUT, trainingBatches } from './batches.js';
import {
  type CellIndex,
  type FieldCells,
  type GatheredCells,
  gatherCells,
  listCells,
  targetsOf,
} from './cells.js';
import { type ClassifierRecipe, DEFAULT_RECIPE } from './recipe.js';
import { openResume } from './resume.js';
import { type RankingScores, rankingScores } from './scores.js';

/** How a training reports and what it keeps on disk; nothing of this changes the result. */
export interface TrainingEvents {
  /** While cells are cut out. */
  readonly onField?: (done: number, total: number) => void;
  /** Once all cells are cut out: what was left out is listed there. */
  readonly onGathered?: (gathered: GatheredCells, cells: { training: number; validation: number }) => void;
  /** After each step and each epoch. */
  readonly onProgress?: (progress: Progress) => void;
  /** After an epoch: where its checkpoint lies, if there is a folder for it. */
  readonly onCheckpoint?: (path: string, epoch: number) => void;
  /**
   * Folder for the checkpoint of the last epoch. One of the same recipe that lies there is gone on from, so the same
   * call again after a stop gives what an unbroken training would have given.
   */
  readonly resumeFolder?: string;
  readonly signal?: AbortSignal;
}

export interface TrainedClassifier {
  /** The ONNX file, metadata included. */
  readonly onnx: Uint8Array;
  readonly metadata: ClassifierMetadata;
  readonly history: readonly EpochRecord[];
  /** Ranking of the validation's cells against their images' weak labels; null without validation. */
  readonly validation: RankingScores | null;
  readonly gathered: GatheredCells;
  /** `aborted`: the signal came; the weights are those of the last step. */
  readonly stopped: 'finished' | 'early' | 'aborted';
}

/**
 * Trains a classifier of cells from the weak labels of images: each cell is given its image's locations, and scores are
 * independent of each other (sigmoid cross-entropy). Images are split into training and validation so that no image's
 * cells are in both; cells of rare locations weigh more (`balanceWeights`).
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
  const crop: CropOptions = { ...DEFAULT_CROP, sizePx: network.inputPx };
  const model = network.build(crop.channels.length, LOCATIONS.length);
  const gathered = await gatherCells({ ...full, folders: full.data, crop, onField: events.onField });
  const { training, validation } = splitFields(gathered.fields, full);
  events.onGathered?.(gathered, { training: training.length, validation: validation.length });
  const resume = await openResume(
    events.resumeFolder,
    JSON.stringify({ recipe: full, model, cells: digestCells(gathered.fields) }, null, 2),
  );
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights, history, stopped } = await fit(runtime, {
    model,
    seed: full.seed,
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adamw', learningRate: full.learningRate, weightDecay: full.weightDecay },
    schedule: { type: 'cosine', warmupEpochs: Math.min(1, full.epochs / 4) },
    batchSize: full.batchSize,
    epochs: full.epochs,
    train: trainingBatches(training, crop, { ...full, weights: balanceWeights(training) }),
    ...(validation.length > 0 ? { validation: judgingBatches(validation, crop, full.batchSize) } : {}),
    ...(resume.checkpoint ? { resume: resume.checkpoint } : {}),
    ...(events.onProgress ? { onProgress: events.onProgress } : {}),
    ...(events.signal ? { signal: events.signal } : {}),
    async onCheckpoint(bytes, { epoch }) {
      if (resume.path === null) return;
      await writeFileAtomic(resume.path, bytes);
      events.onCheckpoint?.(resume.path, epoch);
    },
  });
  const metadata = describe(full, crop, gathered, { training, validation, epochs: history.length });
  const onnx = exportScores(model, weights, metadata);
  const scores = validation.length > 0 ? await scoreWeakly(runtime, onnx, validation) : null;
  return { onnx, metadata, history, validation: scores, gathered, stopped };
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

function splitFields(fields: readonly FieldCells[], { validationShare, seed }: ClassifierRecipe) {
  const labels = new Map(fields.map(({ key, locations }) => [key, locations]));
  const [, held] = splitImages(labels, [1 - validationShare, validationShare], seed);
  const inValidation = new Set(held);
  return {
    training: listCells(fields.filter(({ key }) => !inValidation.has(key))),
    validation: listCells(fields.filter(({ key }) => inValidation.has(key))),
  };
}

function digestCells(fields: readonly FieldCells[]): string {
  const hash = createHash('sha256');
  for (const { key, locations, crops } of fields) hash.update(`${key}:${locations.join('|')}:`).update(crops);
  return hash.digest('hex');
}

function describe(
  recipe: ClassifierRecipe,
  crop: CropOptions,
  gathered: GatheredCells,
  facts: { training: readonly CellIndex[]; validation: readonly CellIndex[]; epochs: number },
): ClassifierMetadata {
  return {
    kind: 'classifier',
    formatVersion: FORMAT_VERSION,
    network: recipe.network,
    classes: [...LOCATIONS],
    activation: 'sigmoid',
    crop: { ...crop, channels: [...crop.channels] },
    training: {
      seed: recipe.seed,
      epochs: facts.epochs,
      batchSize: recipe.batchSize,
      learningRate: recipe.learningRate,
      weightDecay: recipe.weightDecay,
      outlines: recipe.outlines,
      fields: gathered.fields.length,
      trainingCells: facts.training.length,
      validationCells: facts.validation.length,
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
  cells: readonly CellIndex[],
): Promise<RankingScores> {
  const classifier = await loadClassifier(runtime, onnx);
  const scores: Float32Array[] = [];
  for await (const batch of judgingBatches(cells, classifier.metadata.crop, 32).read(0)) {
    scores.push(await classifier.classify(batch.inputs[CROPS_INPUT], batch.count));
  }
  await classifier.release();
  const targets = cells.map(({ field }) => targetsOf(field.locations));
  return rankingScores(join32(scores), join32(targets));
}

function join32(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
