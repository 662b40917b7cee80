import { InputError } from '../common/index.js';
import { type CocoFile, parseCocoFile } from '../masks/index.js';
import { readInputFile } from './file.js';

/**
 * Reads a COCO data set.
 * @throws InputError `file-*` (see `readInputFile`), `json-syntax`, and what `parseCocoFile` throws
 */
export async function readCocoFile(path: string): Promise<CocoFile> {
  return parseCocoFile(await readJson(path), path);
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
