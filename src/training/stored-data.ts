import { createHash } from 'node:crypto';
import { groupBy, InputError } from '../common/index.js';
import {
  type CropStore,
  cropBytes,
  openStore,
  planBalance,
  readCrops,
  type StoredCell,
} from '../dataset/index.js';
import type { NetworkDescription } from '../networks/index.js';
import type { FieldCells } from './cells.js';
import { lessonsOf } from './lessons.js';
import { openBatchPool, openLoader, type StoreLoader } from './loader/index.js';
import { dataInMemory } from './memory-data.js';
import type { ClassifierRecipe } from './recipe.js';
import {
  DEFAULT_BALANCE,
  drawValidation,
  missingLocations,
  type TrainingData,
  usable,
} from './training-data.js';

export interface StoredOptions {
  readonly network: NetworkDescription;
  /** Most memory for reading. */
  readonly memoryBytes: number;
}

/** Share of the memory that the batches for judging may take. */
const JUDGING_SHARE = 1 / 4;

/**
 * Training data from a store of crops, read while the network learns; for bags, whose cells must come together, from memory.
 * @throws InputError as `openTrainingData`; `bags-memory` where bags are asked for and the crops exceed the memory
 */
export async function openStored(recipe: ClassifierRecipe, options: StoredOptions): Promise<TrainingData> {
  const store = await openStore(recipe.data[0], { damaged: recipe.omitDamaged ? 'omit' : 'refuse' });
  checkFits(store, options.network);
  const labelled = store.cells.filter(({ locations }) => locations.length > 0);
  if (labelled.length === 0) {
    throw new InputError(
      'no-training-fields',
      `${store.folder}: none of its ${store.cells.length} crops has a label; make it with --labels`,
    );
  }
  const withBalance = { ...recipe, balance: recipe.balance ?? store.description.balance ?? DEFAULT_BALANCE };
  if (recipe.weakLabels.method === 'bags') return readIntoMemory(store, labelled, withBalance, options);
  return openStream(store, labelled, withBalance, options);
}

async function openStream(
  store: CropStore,
  labelled: readonly StoredCell[],
  recipe: ClassifierRecipe & { readonly balance: NonNullable<ClassifierRecipe['balance']> },
  { memoryBytes }: Pick<StoredOptions, 'memoryBytes'>,
): Promise<TrainingData> {
  const usableCells = usable(labelled, recipe);
  const labels = new Map(usableCells.map(({ field, locations }) => [field, locations]));
  const inValidation = drawValidation(labels, recipe);
  const stored = usableCells.filter(({ field }) => !inValidation.has(field));
  const validation = usableCells.filter(({ field }) => inValidation.has(field));
  const cells = stored.map(({ field, locations }) => ({ image: field, locations }));
  const validationLabels = validation.map(({ locations }) => locations);
  const { batchSize, epochs, seed, augmentation, window, balance } = recipe;
  const plan = planBalance(
    cells.map(({ locations }) => locations),
    { method: balance, seed },
  );
  const samples = Array.from(plan.samples, (index) => stored[index]);
  const pool = openBatchPool();
  const judgingBytes = validation.length > 0 ? memoryBytes * JUDGING_SHARE : 0;
  let train: StoreLoader | null = null;
  try {
    // Once after each epoch, and once with the exported network.
    const judge =
      validation.length > 0
        ? openLoader(store, validation, { pool, batchSize, epochs: epochs + 1, memoryBytes: judgingBytes })
        : null;
    return {
      ...{ validation: judge, crop: store.description.crop, outlines: store.description.outlines },
      ...{ fields: labels.size, cells, samples: samples.length, balance, validationLabels },
      classWeights: [...plan.classWeights],
      leftOut: {
        ...leftOutOf(store, labelled.length),
        cellsOfSeveral: labelled.length - usableCells.length,
        ...missingLocations(cells, validationLabels),
      },
      digest: digestCells(usableCells),
      async openTraining(lessons, end) {
        await train?.close();
        train = openLoader(store, samples, {
          ...{ pool, batchSize, epochs: end, memoryBytes: memoryBytes - judgingBytes },
          training: {
            ...{ seed, augmentation, window, weights: plan.sampleWeights },
            lessons: lessonsOf(plan.samples, lessons),
          },
        });
        return train;
      },
      async openReview() {
        // The training's own crops are not needed meanwhile.
        await train?.close();
        const bytes = memoryBytes - judgingBytes;
        return openLoader(store, stored, { pool, batchSize, epochs: 1, memoryBytes: bytes });
      },
      async close() {
        await train?.close();
        await judge?.close();
        await pool.close();
      },
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function readIntoMemory(
  store: CropStore,
  labelled: readonly StoredCell[],
  recipe: ClassifierRecipe,
  { memoryBytes }: Pick<StoredOptions, 'memoryBytes'>,
): Promise<TrainingData> {
  const bytes = labelled.length * cropBytes(store.description);
  if (bytes > memoryBytes) {
    const mb = (value: number) => `${Math.ceil(value / 1e6)} MB`;
    throw new InputError(
      'bags-memory',
      `${store.folder}: bags need all ${labelled.length} crops in memory, ${mb(bytes)}, but the limit is ${mb(memoryBytes)}; ` +
        'raise the limit (--memory), or choose another way with weak labels',
    );
  }
  const crops = await readCrops(store, labelled);
  const length = cropBytes(store.description);
  const fields: FieldCells[] = [];
  for (const [key, places] of groupBy([...labelled.keys()], (i) => labelled[i].field)) {
    const own = new Uint8Array(places.length * length);
    places.forEach((place, k) => {
      own.set(crops.subarray(place * length, (place + 1) * length), k * length);
    });
    const cells = places.map((place) => labelled[place].cell);
    fields.push({ key, locations: labelled[places[0]].locations, cells, crops: own });
  }
  const { crop, outlines } = store.description;
  return dataInMemory(recipe, fields, { ...leftOutOf(store, labelled.length), crop, outlines });
}

function leftOutOf(store: CropStore, labelled: number) {
  return {
    ...{ imagesWithoutLabel: [], labelsWithoutImage: [], fieldsWithoutCells: [], problems: [] },
    ...{ omitted: store.omitted, cellsWithoutLabel: store.cells.length - labelled },
    ...{ cellsOfSeveral: 0, untaught: [], unjudged: [] },
  };
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
