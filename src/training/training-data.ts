import { InputError, LOCATIONS } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import { type Balance, splitFolds, splitImages } from '../dataset/index.js';
import type { BatchSource } from '../learn/index.js';
import type { LeftOut } from './cells.js';
import type { LabelledCell, Lessons } from './lessons.js';
import type { ClassifierRecipe } from './recipe.js';

/** What a classifier learns from and is judged on, wherever it lies. */
export interface TrainingData {
  readonly crop: CropOptions;
  /** Where the outlines come from. */
  readonly outlines: string;
  readonly fields: number;
  /** The cells that are learned from, each once. */
  readonly cells: readonly LabelledCell[];
  /** How many cells an epoch brings: some are left out or repeated to make up for rare locations. */
  readonly samples: number;
  /** Batches that teach the cells these lessons, until before the epoch `end`. The batches opened before are at an end. */
  openTraining(lessons: Lessons, end: number): Promise<BatchSource>;
  /** The cells that are learned from, in their order, as they are. */
  openReview(): Promise<ClosableSource>;
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

export interface ClosableSource extends BatchSource {
  close(): Promise<void>;
}

/** Where neither the recipe nor the store says how. */
export const DEFAULT_BALANCE: Balance = 'sample-weights';

/**
 * What can be learned from: with a softmax, what has one location.
 * @throws InputError `training-single-location`
 */
export function usable<Item extends { readonly locations: readonly number[] }>(
  items: readonly Item[],
  { activation }: Pick<ClassifierRecipe, 'activation'>,
): Item[] {
  const fit = activation === 'softmax' ? items.filter(({ locations }) => locations.length === 1) : [...items];
  if (fit.length > 0) return fit;
  throw new InputError(
    'training-single-location',
    'training: no image has a single location, and a softmax learns one location a cell; train a sigmoid, or give other images',
  );
}

/** Class ids that no cell teaches, and those that are taught but cannot be judged. */
export function missingLocations(
  cells: readonly LabelledCell[],
  validation: readonly (readonly number[])[],
): Pick<LeftOut, 'untaught' | 'unjudged'> {
  const taught = new Set(cells.flatMap(({ locations }) => locations));
  const judged = new Set(validation.flat());
  const ids = LOCATIONS.map((_, id) => id);
  return {
    untaught: ids.filter((id) => !taught.has(id)),
    unjudged: validation.length === 0 ? [] : ids.filter((id) => taught.has(id) && !judged.has(id)),
  };
}

/** The ids of the images whose cells are kept for judging. */
export function drawValidation(
  labels: ReadonlyMap<string, readonly number[]>,
  { validationShare, fold, seed }: ClassifierRecipe,
): Set<string> {
  if (fold !== null) return new Set(splitFolds(labels, fold.of, seed)[fold.number - 1].validation);
  return new Set(splitImages(labels, [1 - validationShare, validationShare], seed)[1]);
}
