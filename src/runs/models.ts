import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { InputError, UsageError } from '../common/index.js';
import { loadModel, readOnnxMetadata, type TensorInfo, withInputPower } from '../engine/index.js';
import { type FloatPlane, resizeArea } from '../imaging/index.js';
import {
  encodeNpy,
  isFile,
  loadRuntime,
  openModelPackage,
  readInputFile,
  writeFileAtomic,
} from '../io/index.js';
import {
  decodeSegmenterMetadata,
  describePackage,
  kindOf,
  leastPackagePx,
  loadPackageNetwork,
  PACKAGE_FILES,
  type PackageDescription,
  parsePackage,
  type SegmenterMetadata,
} from '../networks/index.js';
import { defaultSynthSettings, simulateField } from '../synthetic/index.js';
import { SHIPPED_CLASSIFIER } from './classifier-file.js';
import { SHIPPED_DETECTOR } from './detector-file.js';
import { SHIPPED_CELLS, SHIPPED_NUCLEI } from './segmenter-file.js';
import { VERSION } from './version.js';

/** Networks that ship with the package, by name. */
const SHIPPED: Readonly<Record<string, string>> = {
  classifier: SHIPPED_CLASSIFIER,
  nuclei: SHIPPED_NUCLEI,
  cells: SHIPPED_CELLS,
  detector: SHIPPED_DETECTOR,
};

export interface ModelFacts {
  /** Name of a shipped network, or the file's path. */
  readonly name: string;
  readonly path: string;
  /** `classifier`, `segmenter`, or what else the file is. */
  readonly kind: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** The file's own properties; of a package, its description. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The networks that ship with the package. */
export async function listModels(): Promise<ModelFacts[]> {
  return Promise.all(Object.keys(SHIPPED).map((name) => showModel(name)));
}

/**
 * What a network says about itself.
 * @param named a shipped network, an ONNX file, or a bioimage.io package
 * @throws UsageError `unknown-model`; InputError `file-*`, `package-*`; ModelError `model-*`, `package-*`
 */
export async function showModel(named: string): Promise<ModelFacts> {
  const path = SHIPPED[named] ?? named;
  if (!/\.onnx$/i.test(path)) return showPackage(path);
  await expectFile(named, path);
  const bytes = await readInputFile(path);
  const properties = readOnnxMetadata(bytes);
  return {
    ...(await openFacts(named, path, bytes)),
    kind: kindOf(properties) ?? 'ONNX network',
    properties,
  };
}

async function showPackage(path: string): Promise<ModelFacts> {
  const files = await openModelPackage(path);
  const description: PackageDescription = parsePackage(files.description);
  const bytes = await files.readFile(description.weights.source);
  return {
    ...(await openFacts(description.name, path, bytes)),
    kind: `bioimage.io package ${description.formatVersion}`,
    properties: { ...description },
  };
}

async function expectFile(named: string, path: string): Promise<void> {
  if (await isFile(path)) return;
  throw new UsageError(
    'unknown-model',
    `there is no network "${named}"; expected ${Object.keys(SHIPPED).join(', ')}, a file or a package`,
  );
}

async function openFacts(name: string, path: string, bytes: Uint8Array) {
  const model = await loadModel(await loadRuntime(), bytes);
  const { inputs, outputs } = model;
  await model.release();
  return { name, path, bytes: bytes.length, sha256: digest(bytes), inputs, outputs };
}

/**
 * Writes a segmenter's network as a bioimage.io package: a zip file where `out` ends so, else a folder.
 * @returns the files written
 * @throws UsageError `unknown-model`; InputError `not-writable`; ModelError `model-kind` where it is no segmenter, `model-*`
 */
export async function exportModel(named: string, out: string): Promise<string[]> {
  const path = SHIPPED[named] ?? named;
  await expectFile(named, path);
  const bytes = await readInputFile(path);
  const metadata = decodeSegmenterMetadata(readOnnxMetadata(bytes));
  const files = await packageFiles(bytes, metadata, await readCard(path, metadata));
  if (/\.zip$/i.test(out)) {
    await writeFileAtomic(out, zipSync(files));
    return [out];
  }
  const written: string[] = [];
  // The description last: a folder that has it is whole.
  for (const [name, data] of Object.entries(files)) {
    await writeFileAtomic(join(out, name), data);
    written.push(join(out, name));
  }
  return written;
}

/** The model card beside the network; for a network without one a few lines of its own metadata. */
async function readCard(path: string, metadata: SegmenterMetadata): Promise<Uint8Array> {
  const card = path.replace(/\.onnx$/i, '.md');
  if (await isFile(card)) return readInputFile(card);
  const facts = Object.entries(metadata.training).map(([name, value]) => `- ${name}: ${value}`);
  const text = [
    `# ${metadata.network}`,
    '',
    `Outlines ${metadata.target}. Trained by Cytolocus:`,
    '',
    ...facts,
    '',
  ];
  return new TextEncoder().encode(text.join('\n'));
}

async function packageFiles(
  bytes: Uint8Array,
  metadata: SegmenterMetadata,
  readme: Uint8Array,
): Promise<Record<string, Uint8Array>> {
  const { bytes: weights, opset } = withInputPower(bytes, metadata.normalisation.gamma);
  const planes = examplePlanes(metadata);
  const zeros = { weights: '0', testInput: '0', testOutput: '0' };
  const facts = {
    name: `Cytolocus ${metadata.target}`,
    description: `Outlines ${metadata.target} in fluorescence images of human cells at ${metadata.pixelSizeUm} um a pixel.`,
    timestamp: '2026-11-25T00:00:00Z',
    version: VERSION,
    opset,
  };
  // The test output is what a reader of the package gets: made by reading it.
  const reader = await loadPackageNetwork(
    await loadRuntime(),
    parsePackage(describePackage(metadata, { ...facts, sha256: zeros })),
    weights,
  );
  const maps = await reader.runRaw(planes);
  await reader.release();
  const testInput = encodeNpy(stack(planes));
  const testOutput = encodeNpy(stack(maps));
  const sha256 = {
    weights: digest(weights),
    testInput: digest(testInput),
    testOutput: digest(testOutput),
  };
  const description = new TextEncoder().encode(describePackage(metadata, { ...facts, sha256 }));
  return {
    [PACKAGE_FILES.weights]: weights,
    [PACKAGE_FILES.testInput]: testInput,
    [PACKAGE_FILES.testOutput]: testOutput,
    [PACKAGE_FILES.readme]: readme,
    [PACKAGE_FILES.description]: description,
  };
}

/** A synthetic field at the network's scale, in intensities of 8 bits. */
function examplePlanes(metadata: SegmenterMetadata): FloatPlane[] {
  const size = leastPackagePx(metadata);
  const { field } = simulateField(
    { ...defaultSynthSettings, width: size, height: size, pixelSizeUm: metadata.pixelSizeUm },
    0,
  );
  return metadata.channels.map((channel) => {
    const plane = field.channels[channel];
    if (plane === null) throw new InputError('channel-missing', `the example has no ${channel}`);
    const small = resizeArea(plane, size, size);
    return { ...small, data: small.data.map((value) => 255 * value) };
  });
}

function stack(planes: readonly FloatPlane[]): { shape: number[]; data: Float32Array } {
  const [{ width, height }] = planes;
  const data = new Float32Array(planes.length * width * height);
  planes.forEach((plane, c) => {
    data.set(plane.data, c * width * height);
  });
  return { shape: [1, planes.length, height, width], data };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
