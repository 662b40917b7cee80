import { stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { InputError } from '../common/index.js';
import { readError, readInputFile } from './file.js';
import { listFiles } from './presence.js';

/** A bioimage.io model package on disk: a folder, its description in it, or a zip file. */
export interface ModelPackage {
  /** Text of its description. */
  readonly description: string;
  /**
   * The bytes of a file that the description names.
   * @throws InputError `package-file`: it lies elsewhere (a URL, another folder) or is missing
   */
  readFile(name: string): Promise<Uint8Array>;
}

/** What the description of a package may be called. */
const DESCRIPTION_NAME = /^(rdf|model|bioimageio)\.ya?ml$|[._-](rdf|model|bioimageio)\.ya?ml$/i;

/** Name of the description among a package's files, or null where there is none. */
export function findDescription(names: readonly string[]): string | null {
  return (
    names.find((name) => /^rdf\.ya?ml$/i.test(name)) ??
    names.find((name) => DESCRIPTION_NAME.test(name)) ??
    null
  );
}

/**
 * Opens a package.
 * @param path folder, zip file, or description (`.yaml`)
 * @throws InputError `file-*`, `package-description` (no description in it), `package-damaged` (no zip file)
 */
export async function openModelPackage(path: string): Promise<ModelPackage> {
  if (await isFolder(path)) {
    const name = findDescription(await listFiles(path));
    if (name === null) throw noDescription(path);
    return folderPackage(path, name);
  }
  if (/\.zip$/i.test(path)) return zipPackage(path, await readInputFile(path));
  return folderPackage(dirname(path), basename(path));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw readError(path, cause);
  }
}

async function folderPackage(folder: string, name: string): Promise<ModelPackage> {
  return {
    description: new TextDecoder().decode(await readInputFile(join(folder, name))),
    readFile: async (file) => readInputFile(join(folder, localName(folder, file))),
  };
}

function zipPackage(path: string, bytes: Uint8Array): ModelPackage {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch (cause) {
    throw new InputError('package-damaged', `${path}: is no zip file, or a damaged one`, { cause });
  }
  const name = findDescription(Object.keys(files));
  if (name === null) throw noDescription(path);
  return {
    description: new TextDecoder().decode(files[name]),
    async readFile(file) {
      const found = files[localName(path, file)];
      if (found !== undefined) return found;
      throw new InputError(
        'package-file',
        `${path}: the description names "${file}", which is not in the package`,
      );
    },
  };
}

function noDescription(path: string): InputError {
  return new InputError(
    'package-description',
    `${path}: holds no description of a network; expected rdf.yaml or NAME.bioimageio.yaml`,
  );
}

/** A file's name within the package: nothing from the network, nothing from outside its folder. */
function localName(path: string, file: string): string {
  const name = normalize(file).replaceAll('\\', '/');
  if (!/^[a-z]+:\/\//i.test(file) && !name.startsWith('..') && !name.startsWith('/')) return name;
  throw new InputError(
    'package-file',
    `${path}: the description names "${file}", which lies outside the package; put the file into it`,
  );
}
