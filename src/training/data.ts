import { InputError } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import { isStore } from '../dataset/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { gatherCells } from './cells.js';
import { dataInMemory } from './memory-data.js';
import type { ClassifierRecipe } from './recipe.js';
import { openStored } from './stored-data.js';
import type { TrainingData } from './training-data.js';

export interface DataOptions {
  readonly crop: CropOptions;
  readonly network: NetworkDescription;
  /** Most memory for reading a store. */
  readonly memoryBytes: number;
  readonly onField?: (done: number, total: number) => void;
}

/**
 * Opens what the recipe names: folders of fields, whose cells are cut out into memory, or one store of crops, which is
 * read while the network learns.
 * @throws InputError `bad-recipe` for a store beside other data; `store-size`, `store-channels` where a store does not fit
 *   the network; `training-single-location`; and what `gatherCells`, `openStore`, `openLoader` and `splitFolds` throw
 */
export async function openTrainingData(
  recipe: ClassifierRecipe,
  options: DataOptions,
): Promise<TrainingData> {
  const stores = await Promise.all(recipe.data.map(isStore));
  if (!stores.includes(true)) {
    const { crop, onField } = options;
    const { fields, ...leftOut } = await gatherCells({ ...recipe, folders: recipe.data, crop, onField });
    return dataInMemory(recipe, fields, { ...leftOut, crop, outlines: recipe.outlines });
  }
  if (recipe.data.length > 1) {
    throw new InputError(
      'bad-recipe',
      `training: ${recipe.data[stores.indexOf(true)]} is a store among ${recipe.data.length} data folders; give one store ` +
        'alone, or folders of fields',
    );
  }
  return openStored(recipe, options);
}
