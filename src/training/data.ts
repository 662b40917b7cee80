import { createHash } from 'node:crypto';
import { InputError } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import {
  type Balance,
  type CropStore,
  isStore,
  openStore,
  planBalance,
  type StoredCell,
  splitImages,
} from '../dataset/index.js';
import type { BatchSource } from '../learn/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { judgingBatches, trainingBatches } from './batches.js';
import { type FieldCells, gatherCells, type LeftOut, listCells } from './cells.js';
import { openBatchPool, openLoader } from './loader/index.js';
import type { ClassifierRecipe } from './recipe.js';

/** What a classifier learns from and is judged on, wherever it lies. */
export interface TrainingData {
  readonly crop: CropOptions;
  /** Where the outlines come from. */
  readonly outlines: string;
  readonly fields: number;
  readonly trainingCells: number;
  readonly train: BatchSource;
  /** Null where nothing is kept for judging. */
  readonly validation: BatchSource | null;
  /** Class ids of each cell of the validation, in its order. */
  readonly validationLabels: readonly (readonly number[])[];
  readonly balance: Balance;
  /** A factor for each location's term of the loss. */
  readonly classWeights: readonly number[];
  readonly leftOut: LeftOut;
  /** Digest of all cells and their labels. */
  readonly digest: string;
  close(): Promise<void>;
}

export interface DataOptions {
  readonly crop: CropOptions;
  readonly network: NetworkDescription;
  /** Most memory for crops and batches from a store. */
  readonly memoryBytes: number;
  readonly onField?: (done: number, total: number) => void;
}

/** Share of the memory that the batches for judging may take. */
const JUDGING_SHARE = 1 / 4;

/**
 * Opens what the recipe names: folders of fields, whose cells are cut out into memory, or one store of crops, which is
 * read while the network learns.
 * @throws InputError `bad-recipe` for a store beside other data; `store-size`, `store-channels` where a store does not fit
 *   the network; and what `gatherCells`, `openStore` and `openLoader` throw
 */
export async function openTrainingData(
  recipe: ClassifierRecipe,
  options: DataOptions,
): Promise<TrainingData> {
  const stores = await Promise.all(recipe.data.map(isStore));
  if (!stores.includes(true)) return openFolders(recipe, options);
  if (recipe.data.length > 1) {
    throw new InputError(
      'bad-recipe',
      `training: ${recipe.data[stores.indexOf(true)]} is a store among ${recipe.data.length} data folders; give one store ` +
        'alone, or folders of fields',
    );
  }
  return openStored(recipe, options);
}

async function openFolders(recipe: ClassifierRecipe, options: DataOptions): Promise<TrainingData> {
  const { crop, onField } = options;
  const { fields, ...leftOut } = await gatherCells({ ...recipe, folders: recipe.data, crop, onField });
  const inValidation = drawValidation(new Map(fields.map(({ key, locations }) => [key, locations])), recipe);
  const cells = listCells(fields.filter(({ key }) => !inValidation.has(key)));
  const validation = listCells(fields.filter(({ key }) => inValidation.has(key)));
  const balance = recipe.balance ?? DEFAULT_BALANCE;
  const { samples, weights, classWeights } = balanced(cells, ({ field }) => field.locations, balance, recipe);
  return {
    ...{ crop, leftOut, outlines: recipe.outlines, fields: fields.length, trainingCells: samples.length },
    ...{ balance, classWeights },
    train: trainingBatches(samples, crop, { ...recipe, weights }),
    validation: validation.length > 0 ? judgingBatches(validation, crop, recipe.batchSize) : null,
    validationLabels: validation.map(({ field }) => field.locations),
    digest: digestFields(fields),
    close: async () => {},
  };
}

/** Where neither the recipe nor the store says how. */
const DEFAULT_BALANCE: Balance = 'sample-weights';

/** The cells of an epoch, some of them left out or repeated, with a weight each and one a location. */
function balanced<Cell>(
  cells: readonly Cell[],
  locationsOf: (cell: Cell) => readonly number[],
  method: Balance,
  { seed }: ClassifierRecipe,
): { samples: Cell[]; weights: Float32Array; classWeights: number[] } {
  const plan = planBalance(cells.map(locationsOf), { method, seed });
  return {
    samples: Array.from(plan.samples, (index) => cells[index]),
    weights: plan.sampleWeights,
    classWeights: [...plan.classWeights],
  };
}

/** The ids of the images whose cells are kept for judging. */
function drawValidation(
  labels: ReadonlyMap<string, readonly number[]>,
  { validationShare, seed }: ClassifierRecipe,
): Set<string> {
  return new Set(splitImages(labels, [1 - validationShare, validationShare], seed)[1]);
}

function digestFields(fields: readonly FieldCells[]): string {
  const hash = createHash('sha256');
  for (const { key, locations, crops } of fields) hash.update(`${key}:${locations.join('|')}:`).update(crops);
  return hash.digest('hex');
}

async function openStored(recipe: ClassifierRecipe, options: DataOptions): Promise<TrainingData> {
  const { network, memoryBytes } = options;
  const store = await openStore(recipe.data[0], { damaged: recipe.omitDamaged ? 'omit' : 'refuse' });
  checkFits(store, network);
  const cells = store.cells.filter(({ locations }) => locations.length > 0);
  const labels = new Map(cells.map(({ field, locations }) => [field, locations]));
  if (cells.length === 0) {
    throw new InputError(
      'no-training-fields',
      `${store.folder}: none of its ${store.cells.length} crops has a label; make it with --labels`,
    );
  }
  const inValidation = drawValidation(labels, recipe);
  const balance = recipe.balance ?? store.description.balance ?? DEFAULT_BALANCE;
  const { samples, weights, classWeights } = balanced(
    cells.filter(({ field }) => !inValidation.has(field)),
    ({ locations }) => locations,
    balance,
    recipe,
  );
  const validation = cells.filter(({ field }) => inValidation.has(field));
  const pool = openBatchPool();
  try {
    const { batchSize, epochs, seed, augmentation, window } = recipe;
    const judgingBytes = validation.length > 0 ? memoryBytes * JUDGING_SHARE : 0;
    const train = openLoader(store, samples, {
      ...{ pool, batchSize, epochs, memoryBytes: memoryBytes - judgingBytes },
      training: { seed, augmentation, window, weights },
    });
    // Once after each epoch, and once with the exported network.
    const judge =
      validation.length > 0
        ? openLoader(store, validation, { pool, batchSize, epochs: epochs + 1, memoryBytes: judgingBytes })
        : null;
    return {
      ...{ train, validation: judge, crop: store.description.crop, outlines: store.description.outlines },
      ...{ fields: labels.size, trainingCells: samples.length, balance, classWeights },
      validationLabels: validation.map(({ locations }) => locations),
      leftOut: {
        ...{ imagesWithoutLabel: [], labelsWithoutImage: [], fieldsWithoutCells: [], problems: [] },
        omitted: store.omitted,
        cellsWithoutLabel: store.cells.length - cells.length,
      },
      digest: digestCells(cells),
      async close() {
        await train.close();
        await judge?.close();
        await pool.close();
      },
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function digestCells(cells: readonly StoredCell[]): string {
  const hash = createHash('sha256');
  for (const { field, cell, crc32, locations } of cells) {
    hash.update(`${field}:${cell}:${crc32}:${locations.join('|')}\n`);
  }
  return hash.digest('hex');
}

/** @throws InputError `store-size`, `store-channels` */
function checkFits({ folder, description }: CropStore, { name, inputPx }: NetworkDescription): void {
  const { sizePx, channels } = description.crop;
  if (sizePx !== inputPx) {
    throw new InputError(
      'store-size',
      `${folder}: its crops are ${sizePx}x${sizePx}, but the network ${name} takes ${inputPx}x${inputPx}; make the store with ` +
        `"cytolocus crops --size ${inputPx}"`,
    );
  }
  if (!channels.includes('protein')) {
    throw new InputError(
      'store-channels',
      `${folder}: its crops have the channels ${channels.join(', ')}; a classifier needs protein among them`,
    );
  }
}
