import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../common/index.js';
import { compareNaturally } from './fields.js';
import { makeFolder, readError, TEMPORARY_NAME, writeError } from './file.js';

/** Whether there is a file (not a folder) of that name. */
export async function isFile(path: string): Promise<boolean> {
  const found = await orNull(path, stat(path));
  return found?.isFile() ?? false;
}

/**
 * A file's text, or null where there is no such file.
 * @throws InputError `file-unreadable`
 */
export async function readTextIfThere(path: string): Promise<string | null> {
  return orNull(path, readFile(path, 'utf8'));
}

/**
 * Names of the folders directly in a folder, in natural order.
 * @throws InputError `file-missing`, `file-unreadable`
 */
export async function listFolders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(compareNaturally);
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Names of the files directly in a folder, in natural order; none where there is no such folder.
 * @throws InputError `file-unreadable`
 */
export async function listFiles(path: string): Promise<string[]> {
  const entries = (await orNull(path, readdir(path, { withFileTypes: true }))) ?? [];
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort(compareNaturally);
}

/**
 * Removes a file if it is there.
 * @throws InputError `not-writable`
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/**
 * Removes a folder with all that is in it, if it is there.
 * @throws InputError `not-writable`
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Size and time of the last change: what tells, without reading it, that a file is still the same. */
export interface FileStamp {
  readonly bytes: number;
  readonly changedMs: number;
}

/** @throws InputError `file-missing`, `file-unreadable` */
export async function stampFile(path: string): Promise<FileStamp> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, changedMs: mtimeMs };
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Makes an output folder where it is missing, and removes the temporary files that a killed run left directly in it.
 * @throws InputError `not-writable`
 */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    for (const name of await readdir(path)) {
      if (TEMPORARY_NAME.test(name)) await rm(join(path, name), { force: true });
    }
  } catch (cause) {
    throw writeError(path, cause);
  }
}

async function orNull<T>(path: string, result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (cause) {
    const error = readError(path, cause);
    if (error.code === 'file-missing') return null;
    throw error;
  }
}

/** At most so many bytes are looked at to tell what a file is. */
const HEAD_BYTES = 4096;

/**
 * The beginning of a file as text: what tells its format without reading it whole. null for a folder.
 * @throws InputError `file-missing`, `file-unreadable`, `file-empty`
 */
export async function readHead(path: string): Promise<string | null> {
  try {
    if ((await stat(path)).isDirectory()) return null;
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      if (bytesRead === 0) throw new InputError('file-empty', `${path}: the file is empty (0 bytes)`);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw readError(path, cause);
  }
}
