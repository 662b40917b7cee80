import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../common/index.js';
import { readOnnxMetadata } from '../engine/index.js';
import { loadRuntime, type RuntimeOptions, readInputFile } from '../io/index.js';
import { IMPORTED_DETECTOR, kindOf, loadDetector, loadImportedDetector } from '../networks/index.js';
import { detectCells } from '../predict/index.js';
import type { NamedSegmenter } from './finish-field.js';

/** The detector that ships with the package, and the name that stands for it. */
export const SHIPPED_DETECTOR = fileURLToPath(new URL('../../models/detector.onnx', import.meta.url));
export const DEFAULT_DETECTOR = 'default';

/**
 * Opens a Mask R-CNN as what outlines and locates cells in one go.
 * @param named a file, or `default`
 * @throws InputError `file-*`; ModelError, naming the file, where it is no detector of ours or imported
 */
export async function openDetector(named: string, options: RuntimeOptions = {}): Promise<NamedSegmenter> {
  const path = named === DEFAULT_DETECTOR ? SHIPPED_DETECTOR : named;
  const bytes = await readInputFile(path);
  try {
    const load = kindOf(readOnnxMetadata(bytes)) === IMPORTED_DETECTOR ? loadImportedDetector : loadDetector;
    const detector = await load(await loadRuntime(options), bytes);
    return {
      name: `detector:${createHash('sha256').update(bytes).digest('hex')}`,
      settings: {},
      segment: (field) => detectCells(field, detector),
      locates: true,
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
