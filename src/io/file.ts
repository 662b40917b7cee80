import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../common/index.js';

/**
 * The bytes of a file that was given as input.
 * @throws InputError `file-missing`, `file-unreadable` (a folder, no permission, a broken disk), `file-empty`
 */
export async function readInputFile(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  if (bytes.length === 0) throw new InputError('file-empty', `${path}: the file is empty (0 bytes)`);
  return bytes;
}

/** `length` bytes of an open file from `position` on; fewer where it ends. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The result of work on a file that was just opened; where it fails, the file is closed: nobody else will. */
export async function orClose<T>(file: FileHandle, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The InputError for a failed read of `path`. */
export function readError(path: string, cause: unknown): InputError {
  const { code, text } = systemError(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError('file-missing', `${path}: there is no such file`, { cause });
  }
  const found = code === 'EISDIR' ? 'is a folder, expected a file' : `cannot be read (${text})`;
  return new InputError('file-unreadable', `${path}: ${found}`, { cause });
}

/**
 * Writes a file so that its name never shows half of it: into a temporary name in the same folder, then renamed.
 * Missing folders are made. The temporary file is removed when anything fails.
 * @throws InputError `not-writable`
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const file = await openAtomicFile(path);
  await file.write(data);
  await file.commit();
}

/** What a file is called until it is whole. */
export const TEMPORARY_NAME = /^\.cytolocus-[0-9a-f-]{36}\.tmp$/;

/** A file that is written piece by piece under a temporary name. */
export interface AtomicFile {
  /** Appends; on failure the temporary file is gone and the error thrown. */
  write(data: Uint8Array | string): Promise<void>;
  /** Gives the file its name. */
  commit(): Promise<void>;
  /** Removes what was written; the final name is left as it was. */
  discard(): Promise<void>;
}

/**
 * Opens a file for writing in pieces (results too large for memory): it gets its name only by `commit`.
 * @throws InputError `not-writable`, also from the methods
 */
export async function openAtomicFile(path: string): Promise<AtomicFile> {
  // A short fixed-length name: the final name may already be as long as the file system allows.
  const temporary = join(dirname(path), `.cytolocus-${randomUUID()}.tmp`);
  const handle = await attempt(path, async () => {
    await makeFolder(dirname(path));
    return open(temporary, 'wx');
  });
  const discard = async () => {
    await handle.close();
    await rm(temporary, { force: true });
  };
  const orDiscard = async (action: () => Promise<void>) => {
    try {
      await attempt(path, action);
    } catch (error) {
      await discard();
      throw error;
    }
  };
  return {
    write: (data) => orDiscard(() => handle.appendFile(data)),
    commit: () =>
      orDiscard(async () => {
        await handle.close();
        await rename(temporary, path);
      }),
    discard,
  };
}

/** Makes a folder and those above it. Node's own recursive mkdir never returns where the system says ENOENT (/proc). */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let at = resolve(folder);
  while (!(await exists(at))) {
    missing.push(at);
    at = dirname(at);
  }
  for (const path of missing.reverse()) {
    try {
      await mkdir(path);
    } catch (error) {
      // Another writer may have made it meanwhile.
      if (!(await exists(path))) throw error;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Runs a step of writing `path`; what the system refuses becomes an InputError that says what to do. */
async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw writeError(path, cause);
  }
}

const WRITE_ADVICE: Record<string, string> = {
  EACCES: 'no permission to write there; choose another output folder or change its permissions',
  EPERM: 'no permission to write there; choose another output folder or change its permissions',
  EROFS: 'the file system is read-only; choose another output folder',
  ENOSPC: 'the disk is full; make room or choose another output folder',
  EDQUOT: 'the disk quota is used up; make room or choose another output folder',
  ENOTDIR: 'a part of the path is a file, not a folder; choose another output folder',
  EISDIR: 'there is a folder of that name; move it or choose another output folder',
  ENAMETOOLONG: 'the name is too long for this file system',
};

/** The InputError for a failed write of `path`. */
export function writeError(path: string, cause: unknown): InputError {
  const { code, text } = systemError(cause);
  const advice = WRITE_ADVICE[code] ?? 'choose another output folder';
  return new InputError('not-writable', `${path}: cannot write ${basename(path)} (${text}): ${advice}`, {
    cause,
  });
}

function systemError(cause: unknown): { code: string; text: string } {
  if (!(cause instanceof Error)) throw cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return { code, text: code || cause.message };
}
