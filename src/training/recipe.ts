import type { Balance } from '../dataset/index.js';
import { ASSUMED_PIXEL_SIZES, type PixelSizes } from '../io/index.js';
import { type Augmentation, DEFAULT_AUGMENTATION } from './augmentation.js';
import type { Outlines } from './cells.js';
import { DEFAULT_WINDOW } from './loader/index.js';

/** All that decides what `trainClassifier` makes. */
export interface ClassifierRecipe {
  /**
   * Folders of fields of view, each with its `train.csv` (`ID,Label`), ids unique within a folder; or one store of crops,
   * whose cells were outlined and cut when it was made.
   */
  readonly data: readonly string[];
  /** Name of a network description. */
  readonly network: string;
  readonly epochs: number;
  /** Cells a step. */
  readonly batchSize: number;
  /** Highest learning rate: reached after one epoch, then falling to 0 as half a cosine. */
  readonly learningRate: number;
  readonly weightDecay: number;
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
  epochs: 8,
  batchSize: 32,
  learningRate: 0.002,
  weightDecay: 0.01,
  seed: 1,
  outlines: 'segmented',
  cellsPerField: 20,
  validationShare: 0.1,
  augmentation: DEFAULT_AUGMENTATION,
  balance: null,
  window: DEFAULT_WINDOW,
  omitDamaged: false,
  pixelSizes: ASSUMED_PIXEL_SIZES,
};
