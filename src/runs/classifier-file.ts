import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../common/index.js';
import { loadRuntime, type RuntimeOptions, readInputFile } from '../io/index.js';
import { type Classifier, type Explainer, loadClassifier, loadExplainer } from '../networks/index.js';

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
export async function openClassifier(path: string, options: RuntimeOptions = {}): Promise<ClassifierFile> {
  const bytes = await readInputFile(path);
  const classifier = await namingFile(path, async () => loadClassifier(await loadRuntime(options), bytes));
  return { classifier, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Opens a classifier's file for explanation.
 * @throws InputError `file-*`; ModelError, naming the file (see `loadExplainer`)
 */
export async function openExplainer(path: string, options: RuntimeOptions = {}): Promise<Explainer> {
  const bytes = await readInputFile(path);
  return namingFile(path, async () => loadExplainer(await loadRuntime(options), bytes));
}

/** A network's error says what is wrong; where the network came from is known here. */
async function namingFile<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
