import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { isFile, readInputFile, readTextIfThere, writeFileAtomic } from '../io/index.js';

const CHECKPOINT_FILE = 'checkpoint.bin';
const RECIPE_FILE = 'recipe.json';

/** Where a training keeps what it needs to go on, and the checkpoint found there; all null without a folder. */
export interface Resume {
  readonly folder: string | null;
  readonly path: string | null;
  readonly checkpoint: Uint8Array | null;
}

/**
 * Looks for a checkpoint of the same training; an empty folder is claimed for this one.
 * @param described all that decides what the training makes, as text
 * @throws InputError `resume-other-recipe` where the folder holds another one's
 */
export async function openResume(folder: string | undefined, described: string): Promise<Resume> {
  if (folder === undefined) return { folder: null, path: null, checkpoint: null };
  const path = join(folder, CHECKPOINT_FILE);
  const old = await readTextIfThere(join(folder, RECIPE_FILE));
  if (old !== null && old !== described) {
    throw new InputError(
      'resume-other-recipe',
      `${folder}: holds a training of another recipe or other data (see ${RECIPE_FILE} there); choose another folder or remove it`,
    );
  }
  if (old === null) await writeFileAtomic(join(folder, RECIPE_FILE), described);
  return { folder, path, checkpoint: (await isFile(path)) ? await readInputFile(path) : null };
}
