import { createHash } from 'node:crypto';
import type { CropOptions } from '../crops/index.js';
import { planBalance } from '../dataset/index.js';
import { judgingBatches, trainingBatches } from './batches.js';
import { type FieldCells, type LeftOut, listCells } from './cells.js';
import type { ClassifierRecipe } from './recipe.js';
import {
  DEFAULT_BALANCE,
  drawValidation,
  missingLocations,
  type TrainingData,
  usable,
} from './training-data.js';

/** What is known of cells that are all in memory. */
export interface MemoryFacts extends LeftOut {
  readonly crop: CropOptions;
  readonly outlines: string;
}

/** Training data from cells whose crops are in memory. */
export function dataInMemory(
  recipe: ClassifierRecipe,
  found: readonly FieldCells[],
  { crop, outlines, ...leftOut }: MemoryFacts,
): TrainingData {
  const fields = usable(found, recipe);
  const inValidation = drawValidation(new Map(fields.map(({ key, locations }) => [key, locations])), recipe);
  const cells = listCells(fields.filter(({ key }) => !inValidation.has(key)));
  const validation = listCells(fields.filter(({ key }) => inValidation.has(key)));
  const { weakLabels, batchSize } = recipe;
  const labelled = cells.map(({ field }) => ({ image: field.key, locations: field.locations }));
  const validationLabels = validation.map(({ field }) => field.locations);
  const balance = recipe.balance ?? DEFAULT_BALANCE;
  const plan = planBalance(
    labelled.map(({ locations }) => locations),
    { method: balance, seed: recipe.seed },
  );
  return {
    ...{ crop, outlines, fields: fields.length, cells: labelled, samples: plan.samples.length },
    ...{ balance, classWeights: [...plan.classWeights], validationLabels },
    leftOut: {
      ...leftOut,
      cellsOfSeveral: countCells(found) - countCells(fields),
      ...missingLocations(labelled, validationLabels),
    },
    openTraining: async (lessons) =>
      trainingBatches(cells, crop, {
        ...{ batchSize, seed: recipe.seed, samples: plan.samples, weights: plan.sampleWeights, lessons },
        ...bagsOf(recipe),
      }),
    openReview: async () => ({ ...judgingBatches(cells, crop, batchSize), close: async () => {} }),
    validation: validation.length > 0 ? judgingBatches(validation, crop, batchSize) : null,
    digest: digestFields(fields),
    close: async () => {},
  };

  function bagsOf({ augmentation }: ClassifierRecipe) {
    if (weakLabels.method !== 'bags') return { augmentation, bagSize: null };
    // A dimmed cell would change what its whole bag is asked.
    return { augmentation: { ...augmentation, toNegative: 0 }, bagSize: weakLabels.bagSize };
  }
}

function countCells(fields: readonly FieldCells[]): number {
  return fields.reduce((sum, { cells }) => sum + cells.length, 0);
}

function digestFields(fields: readonly FieldCells[]): string {
  const hash = createHash('sha256');
  for (const { key, locations, crops } of fields) hash.update(`${key}:${locations.join('|')}:`).update(crops);
  return hash.digest('hex');
}
