import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { readTruthLocations, type TruthLocations } from '../dataset/index.js';
import { isFile, listFolders, readLabelPng } from '../io/index.js';
import { encodeLabelImage } from '../masks/index.js';
import type { TruthSource } from './truth.js';

/**
 * Truth as `synth` writes it: `ID/cells.png`, and `cells.csv` with the locations of each cell where they are known. A
 * cell without a row in the table has unknown locations.
 * @throws InputError `no-truth`, and what `readTruthLocations` throws
 */
export async function openTruthFolder(path: string): Promise<TruthSource> {
  const ids = await fieldFolders(path);
  if (ids.length === 0) {
    throw new InputError(
      'no-truth',
      `${path}: no truth found; expected a folder for each field with its cells.png (16-bit label image)`,
    );
  }
  const knowsLocations = await isFile(join(path, 'cells.csv'));
  const locations: TruthLocations = knowsLocations ? await readTruthLocations(path) : new Map();
  return {
    path,
    ids,
    knowsLocations,
    coco: null,
    async read(id) {
      const labels = await readLabelPng(join(path, id, 'cells.png'));
      const known = locations.get(id);
      const cells = Array.from(encodeLabelImage(labels), ([label, mask]) => ({
        name: `cell ${label}`,
        mask,
        locations: known?.get(label) ?? null,
      }));
      return { id, width: labels.width, height: labels.height, cells };
    },
  };
}

/** Names of the folders in `path` that hold a `cells.png`. */
export async function fieldFolders(path: string): Promise<string[]> {
  const names = await listFolders(path);
  const present = await Promise.all(names.map((name) => isFile(join(path, name, 'cells.png'))));
  return names.filter((_, i) => present[i]);
}
