import { InputError } from '../common/index.js';
import type { Balance } from '../dataset/index.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizes } from '../io/index.js';
import { type Augmentation, DEFAULT_AUGMENTATION } from './augmentation.js';
import type { Outlines } from './cells.js';
import { DEFAULT_WINDOW } from './loader/index.js';
import { checkWeakLabels, DEFAULT_WEAK_LABELS, type WeakLabels } from './weak-labels.js';

/** All that decides what `trainClassifier` makes. */
export interface ClassifierRecipe {
  /**
   * Folders of fields of view, each with its `train.csv` (`ID,Label`), ids unique within a folder; or one store of crops,
   * whose cells were outlined and cut when it was made.
   */
  readonly data: readonly string[];
  /** Name of a network description. */
  readonly network: string;
  /**
   * `sigmoid`: scores independent of each other. `softmax`: one location a cell, as in the study; images of several locations
   * are left out.
   */
  readonly activation: 'sigmoid' | 'softmax';
  /** What is made of labels that belong to whole images. */
  readonly weakLabels: WeakLabels;
  readonly epochs: number;
  /** Cells a step. */
  readonly batchSize: number;
  /** Highest learning rate: reached after one epoch, then falling to 0 as half a cosine. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** The file holds an average of the weights over the steps, of which this share stays at each step; null: the last ones. */
  readonly averaging: number | null;
  /** For the split, the first weights, the order and the variation of crops. */
  readonly seed: number;
  /**
   * `segmented`: cells are outlined as in prediction, so the network learns from crops with the same mistakes, and data
   * need no truth. `truth`: by the label images in `truth/ID/cells.png` beside the fields.
   */
  readonly outlines: Outlines;
  /** At most so many cells of a field are used; of a store, all. */
  readonly cellsPerField: number;
  /** Share of the images that is kept for judging, 0 (none) to below 1. */
  readonly validationShare: number;
  /** Judging on one of several folds of the images instead, `number` counted from 1; null: on the share above. */
  readonly fold: { readonly number: number; readonly of: number } | null;
  readonly augmentation: Augmentation;
  /** How an epoch makes up for rare locations; null: as a store was made for, else by `sample-weights`. */
  readonly balance: Balance | null;
  /** From a store: crops among which the next one is drawn. More mixes better and takes more memory. */
  readonly window: number;
  /** From a store: leave crops out that are damaged, instead of ending with an error. */
  readonly omitDamaged: boolean;
  readonly pixelSizes: PixelSizes;
}

/** A recipe's values where none are given. */
export const DEFAULT_RECIPE: Omit<ClassifierRecipe, 'data'> = {
  network: 'compact_residual',
  activation: 'sigmoid',
  weakLabels: DEFAULT_WEAK_LABELS,
  epochs: 8,
  batchSize: 32,
  learningRate: 0.002,
  weightDecay: 0.01,
  averaging: 0.998,
  seed: 1,
  outlines: 'segmented',
  cellsPerField: 20,
  validationShare: 0.1,
  fold: null,
  augmentation: DEFAULT_AUGMENTATION,
  balance: null,
  window: DEFAULT_WINDOW,
  omitDamaged: false,
  pixelSizes: ASSUMED_PIXEL_SIZES,
};

/** @throws InputError `bad-recipe` */
export function checkRecipe(recipe: ClassifierRecipe): void {
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
  const { averaging, fold, weakLabels, activation } = recipe;
  if (averaging !== null && !(averaging >= 0 && averaging < 1)) {
    wrong('averaging', averaging, 'a share from 0 to below 1');
  }
  if (fold !== null && !(Number.isInteger(fold.number) && fold.number >= 1 && fold.number <= fold.of)) {
    wrong('fold', fold.number, `a whole number from 1 to ${fold.of}`);
  }
  checkWeakLabels(weakLabels, recipe.batchSize, recipe.epochs);
  if (activation === 'softmax' && weakLabels.method !== 'copy') {
    throw new InputError(
      'bad-recipe',
      `training: weak labels by ${weakLabels.method} need independent scores; train a sigmoid, or copy the labels`,
    );
  }
}
