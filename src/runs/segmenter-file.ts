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
  type RuntimeOptions,
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
import {
  DEFAULT_POLICIES,
  type SegmentationPolicies,
  segmentByHpaPair,
  segmentByNetworks,
  segmentClassical,
} from '../segment/index.js';
import type { NamedSegmenter } from './finish-field.js';

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
 * @param policies what counts as a cell: `classical` follows them all, our networks and packages all but `withoutNucleus`, pairs none
 * @throws UsageError `bad-option` (neither a name nor a file), `policy-unsupported`; InputError `file-*`, `package-*`, `segmenter-unknown` (a folder with
 *   neither); ModelError, naming the file, where it is no network, or not one for this
 */
export async function openSegmenter(
  named: string,
  policies: SegmentationPolicies = DEFAULT_POLICIES,
  options: RuntimeOptions = {},
): Promise<NamedSegmenter> {
  if (named === 'classical') {
    return { name: named, settings: policies, segment: async (field) => segmentClassical(field, policies) };
  }
  refusePolicies(named, policies, ['withoutNucleus']);
  const runtime = await loadRuntime(options);
  const ours = (networks: OpenedNetworks) => joined(networks, policies);
  if (named === 'network') {
    return ours({
      nuclei: await openMapNetwork(runtime, SHIPPED_NUCLEI),
      cells: await openMapNetwork(runtime, SHIPPED_CELLS),
    });
  }
  const pair = (folder: string, compat: boolean) => {
    refusePolicies(named, policies, ['touchingNuclei', 'minNucleusUm2', 'minCellUm2']);
    return openPair(runtime, folder, compat);
  };
  const modelPackage = async () => ours(await withShipped(runtime, await openPackageNetwork(runtime, named)));
  if (named.startsWith(COMPAT_PREFIX)) return pair(named.slice(COMPAT_PREFIX.length), true);
  if (/\.(zip|ya?ml)$/i.test(named)) return modelPackage();
  if (await isFile(named)) return ours(await withShipped(runtime, await openMapNetwork(runtime, named)));
  const names = await listFiles(named);
  if (names.includes(HPA_FILES.nuclei) || names.includes(HPA_FILES.cells)) return pair(named, false);
  if (findDescription(names) !== null) return modelPackage();
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

interface OpenedNetworks {
  readonly nuclei: Opened<MapNetwork>;
  readonly cells: Opened<MapNetwork>;
}

function joined({ nuclei, cells }: OpenedNetworks, policies: SegmentationPolicies): NamedSegmenter {
  const networks = { nuclei: nuclei.network, cells: cells.network };
  return {
    name: `network:${nuclei.sha256}:${cells.sha256}`,
    settings: policies,
    segment: (field) => segmentByNetworks(field, networks, policies),
  };
}

/** One network of ours, for nuclei or cells; the shipped one does the other part. */
async function withShipped(runtime: Runtime, given: Opened<MapNetwork>): Promise<OpenedNetworks> {
  return given.network.target === 'nuclei'
    ? { nuclei: given, cells: await openMapNetwork(runtime, SHIPPED_CELLS) }
    : { nuclei: await openMapNetwork(runtime, SHIPPED_NUCLEI), cells: given };
}

/** @throws UsageError `policy-unsupported` where a policy differs from the default that the segmenter cannot follow */
function refusePolicies(
  named: string,
  policies: SegmentationPolicies,
  names: readonly (keyof SegmentationPolicies)[],
): void {
  const refused = names.find((name) => policies[name] !== DEFAULT_POLICIES[name]);
  if (refused === undefined) return;
  throw new UsageError(
    'policy-unsupported',
    `segmenter ${named} cannot follow ${refused} ${policies[refused]}; leave it at ${DEFAULT_POLICIES[refused]}, or use --segmenter classical`,
  );
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
    settings: {},
    name: `hpa:${compat ? COMPAT_PREFIX : ''}${nuclei.sha256}:${cells.sha256}`,
    segment: (field) => segmentByHpaPair(field, pair, compat),
  };
}
