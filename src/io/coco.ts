import { InputError } from '../common/index.js';
import {
  COCO_CATEGORIES,
  type CocoAnnotation,
  type CocoFile,
  type CocoImage,
  type CocoResult,
  parseCocoFile,
  parseCocoResults,
} from '../masks/index.js';
import { openAtomicFile, readInputFile } from './file.js';

/**
 * Reads a COCO data set.
 * @throws InputError `file-*` (see `readInputFile`), `json-syntax`, and what `parseCocoFile` throws
 */
export async function readCocoFile(path: string): Promise<CocoFile> {
  return parseCocoFile(await readJson(path), path);
}

/**
 * Reads a COCO results file (a list of detections with scores).
 * @throws InputError `file-*` (see `readInputFile`), `json-syntax`, and what `parseCocoResults` throws
 */
export async function readCocoResults(path: string): Promise<CocoResult[]> {
  return parseCocoResults(await readJson(path), path);
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readInputFile(path);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError('json-syntax', `${path}: is not a JSON file (${reason})`, { cause });
  }
}

/** A COCO data set that is written image by image, so that it may be larger than the memory. */
export interface CocoWriter {
  add(image: CocoImage, annotations: readonly CocoAnnotation[]): Promise<void>;
  /** Ends the file and gives it its name. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/**
 * Opens a COCO data set of the 19 locations for writing.
 * @throws InputError `not-writable`, also from the methods
 */
export async function openCocoWriter(path: string, description: string): Promise<CocoWriter> {
  const file = await openAtomicFile(path);
  const images: string[] = [];
  let separator = '';
  await file.write(
    `{"info":${JSON.stringify({ description })},\n"categories":${JSON.stringify(COCO_CATEGORIES)},\n"annotations":[`,
  );
  return {
    async add(image, annotations) {
      images.push(JSON.stringify(image));
      const lines = annotations.map((annotation) => `\n${JSON.stringify(annotation)}`);
      if (lines.length === 0) return;
      await file.write(separator + lines.join(','));
      separator = ',';
    },
    async commit() {
      await file.write(`\n],\n"images":[\n${images.join(',\n')}\n]}\n`);
      await file.commit();
    },
    discard: () => file.discard(),
  };
}
