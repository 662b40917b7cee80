import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, ModelError, UsageError } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import {
  findDescription,
  isFile,
  listFiles,
  loadRuntime,
  openModelPackage,
  readInputFile,
} from '../io/index.js';
import {
  loadHpaNetwork,
  loadPackageNetwork,
  loadSegmenterNetwork,
  type MapNetwork,
  type PackageNetwork,
  parsePackage,
} from '../networks/index.js';
import type { Segmenter } from '../predict/index.js';
import { segmentByHpaPair, segmentByNetworks, segmentClassical } from '../segment/index.js';

/** A segmenter with the text by which a run knows whether a result is still current. */
export interface NamedSegmenter {
  readonly name: string;
  readonly segment: Segmenter;
}

/** Segmenters that need no file. */
export const SEGMENTER_NAMES = ['network', 'classical'] as const;
export const DEFAULT_SEGMENTER = 'classical';

const model = (name: string) => fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
/** The segmenter's networks that ship with the package. */
export const SHIPPED_NUCLEI = model('nuclei.onnx');
export const SHIPPED_CELLS = model('cells.onnx');

/** What an HPA-Cell-Segmentation pair's files are called. */
const HPA_FILES = { nuclei: 'nuclei-model.onnx', cells: 'cell-model.onnx' };
/** Before a pair's folder: as the original does it, pixel for pixel. */
const COMPAT_PREFIX = 'compat:';

/**
 * Opens a segmenter by its name or its file: `network` (our two networks), `classical`, a network of ours (`.onnx`; ours
 * stands in for the other one), a bioimage.io package of a nuclei network (folder, `.yaml` or `.zip`), or a folder with an
 * HPA-Cell-Segmentation pair (`nuclei-model.onnx`, `cell-model.onnx`; `compat:FOLDER` for the original's scale and sizes).
 *
 * @throws UsageError `bad-option` (neither a name nor a file); InputError `file-*`, `package-*`, `segmenter-unknown` (a folder with
 *   neither); ModelError, naming the file, where it is no network, or not one for this
 */
export async function openSegmenter(named: string): Promise<NamedSegmenter> {
  if (named === 'classical') return { name: named, segment: async (field) => segmentClassical(field) };
  const runtime = await loadRuntime();
  if (named === 'network') return openOurs(runtime, SHIPPED_NUCLEI, SHIPPED_CELLS);
  if (named.startsWith(COMPAT_PREFIX)) return openPair(runtime, named.slice(COMPAT_PREFIX.length), true);
  if (/\.(zip|ya?ml)$/i.test(named)) return openPackage(runtime, named);
  if (await isFile(named)) return openOne(runtime, named);
  const names = await listFiles(named);
  if (names.includes(HPA_FILES.nuclei) || names.includes(HPA_FILES.cells))
    return openPair(runtime, named, false);
  if (findDescription(names) !== null) return openPackage(runtime, named);
  if (names.length > 0) {
    throw new InputError(
      'segmenter-unknown',
      `${named}: holds no segmenter; expected a bioimage.io package (rdf.yaml) or ${HPA_FILES.nuclei} and ${HPA_FILES.cells}`,
    );
  }
  throw new UsageError(
    'bad-option',
    `--segmenter is "${named}", expected ${SEGMENTER_NAMES.join(', ')}, or a network's file or folder (there is none of that name)`,
  );
}

/** What went wrong with a network, with its file's name before it. */
async function naming<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

interface Opened<T> {
  readonly network: T;
  readonly sha256: string;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function openNetwork<T>(
  runtime: Runtime,
  path: string,
  load: (runtime: Runtime, bytes: Uint8Array) => Promise<T>,
): Promise<Opened<T>> {
  const bytes = await readInputFile(path);
  return { network: await naming(path, () => load(runtime, bytes)), sha256: digest(bytes) };
}

const openMapNetwork = (runtime: Runtime, path: string) =>
  openNetwork<MapNetwork>(runtime, path, (given, bytes) => loadSegmenterNetwork(given, bytes));

async function openOurs(runtime: Runtime, nucleiPath: string, cellsPath: string): Promise<NamedSegmenter> {
  const nuclei = await openMapNetwork(runtime, nucleiPath);
  const cells = await openMapNetwork(runtime, cellsPath);
  return joined(nuclei, cells);
}

function joined(nuclei: Opened<MapNetwork>, cells: Opened<MapNetwork>): NamedSegmenter {
  const networks = { nuclei: nuclei.network, cells: cells.network };
  return {
    name: `network:${nuclei.sha256}:${cells.sha256}`,
    segment: (field) => segmentByNetworks(field, networks),
  };
}

/** One network of ours, for nuclei or cells; the shipped one does the other part. */
async function openOne(runtime: Runtime, path: string): Promise<NamedSegmenter> {
  return withShipped(runtime, await openMapNetwork(runtime, path));
}

async function withShipped(runtime: Runtime, given: Opened<MapNetwork>): Promise<NamedSegmenter> {
  if (given.network.target === 'nuclei') return joined(given, await openMapNetwork(runtime, SHIPPED_CELLS));
  return joined(await openMapNetwork(runtime, SHIPPED_NUCLEI), given);
}

async function openPackage(runtime: Runtime, path: string): Promise<NamedSegmenter> {
  return withShipped(runtime, await openPackageNetwork(runtime, path));
}

/**
 * Opens the network of a bioimage.io package and checks its file's digest.
 * @throws InputError `file-*`, `package-*`; ModelError `package-*`, `model-*`
 */
export async function openPackageNetwork(runtime: Runtime, path: string): Promise<Opened<PackageNetwork>> {
  const files = await openModelPackage(path);
  return naming(path, async () => {
    const description = parsePackage(files.description);
    const bytes = await files.readFile(description.weights.source);
    const sha256 = digest(bytes);
    if (description.weights.sha256 !== null && description.weights.sha256 !== sha256) {
      throw new ModelError(
        'package-checksum',
        `${description.weights.source} has the SHA-256 ${sha256}, but its description says ${description.weights.sha256}: it is damaged or another file`,
      );
    }
    return { network: await loadPackageNetwork(runtime, description, bytes), sha256 };
  });
}

async function openPair(runtime: Runtime, folder: string, compat: boolean): Promise<NamedSegmenter> {
  const nuclei = await openNetwork(runtime, join(folder, HPA_FILES.nuclei), loadHpaNetwork);
  const cells = await openNetwork(runtime, join(folder, HPA_FILES.cells), loadHpaNetwork);
  const pair = { nuclei: nuclei.network, cells: cells.network };
  return {
    name: `hpa:${compat ? COMPAT_PREFIX : ''}${nuclei.sha256}:${cells.sha256}`,
    segment: (field) => segmentByHpaPair(field, pair, compat),
  };
}
