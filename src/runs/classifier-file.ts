import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../common/index.js';
import { loadRuntime, readInputFile } from '../io/index.js';
import { type Classifier, loadClassifier } from '../networks/index.js';

/** A classifier with the digest of its file, by which a run knows whether a result is still current. */
export interface ClassifierFile {
  readonly classifier: Classifier;
  readonly sha256: string;
}

/** The classifier that ships with the package. */
export const SHIPPED_CLASSIFIER = fileURLToPath(new URL('../../models/classifier.onnx', import.meta.url));

/**
 * Reads a classifier from its `.onnx` file.
 * @throws InputError `file-*`; ModelError, naming the file, where it is no classifier of ours (see `loadClassifier`)
 */
export async function openClassifier(path: string): Promise<ClassifierFile> {
  const bytes = await readInputFile(path);
  const runtime = await loadRuntime();
  try {
    const classifier = await loadClassifier(runtime, bytes);
    return { classifier, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
