import { z } from 'zod';
import { ModelError } from '../common/index.js';
import { loadModel, type Runtime } from '../engine/index.js';
import { CHANNELS, type Channel, type FloatPlane } from '../imaging/index.js';
import type { PackageDescription } from './package-description.js';
import { processPlanes } from './package-processing.js';
import { expectPlanes, type MapNetwork, type SegmenterMaps } from './segmenter.js';
import { MAP_NAMES, SEGMENTER_TARGETS, type SegmenterTarget } from './segmenter-metadata.js';
import { runTiled, type TileOptions } from './tiles.js';

/** Scale that a nuclei network is taken to work at where its package does not say: nuclei are then some 40 pixels wide. */
const ASSUMED_PIXEL_SIZE_UM = 0.32;
/** Tiles of networks that take any size. */
const TILE_PX = 1024;
/** Packages are made for pictures as they come, most of 8 bits. */
const FULL_SCALE = 255;

/** What our own packages say under `config.cytolocus`; other packages may say it too. */
const configSchema = z.object({
  target: z.enum(SEGMENTER_TARGETS),
  channels: z.array(z.enum(CHANNELS)).min(1),
  maps: z.array(z.enum(MAP_NAMES)).min(1),
  pixelSizeUm: z.number().positive(),
});
type PackageConfig = z.infer<typeof configSchema>;

/** A bioimage.io package's network, to be asked as its description says. */
export interface PackageNetwork extends MapNetwork {
  readonly description: PackageDescription;
  /** All output planes of input planes of any size, processed before and after as described; values as the package wants them. */
  runRaw(planes: readonly FloatPlane[]): Promise<FloatPlane[]>;
}

/**
 * Opens the network of a bioimage.io package. Without `config.cytolocus` its input is the nuclear stain, and its output one
 * plane (nucleus or not) or two (nucleus, border).
 *
 * @throws ModelError `model-unreadable`, `graph-rejected`, `package-channels` (it asks for channels that nobody names),
 *   `package-outputs` (planes whose meaning nobody names), `package-format`, `model-shape` (the file has other inputs or outputs
 *   than its description)
 */
export async function loadPackageNetwork(
  runtime: Runtime,
  description: PackageDescription,
  modelBytes: Uint8Array,
): Promise<PackageNetwork> {
  const { input, output } = description;
  const config = readConfig(description);
  const model = await loadModel(runtime, modelBytes);
  const fits =
    model.inputs.length === 1 &&
    model.outputs.length === 1 &&
    model.inputs[0].shape.length === input.axes.length &&
    model.outputs[0].shape.length === output.axes.length;
  if (!fits) {
    const show = (tensors: typeof model.inputs) =>
      tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(' and ');
    await model.release();
    throw new ModelError(
      'model-shape',
      `the package's network has inputs ${show(model.inputs)} and outputs ${show(model.outputs)}; ` +
        `its description says one of axes ${input.axes} and one of axes ${output.axes}`,
    );
  }
  const names = { input: model.inputs[0].name, output: model.outputs[0].name };
  const runRaw = async (planes: readonly FloatPlane[]): Promise<FloatPlane[]> => {
    const results = await runTiled(
      async (data, width, height) => {
        const shape = [...input.axes].map((letter) => sizeOf(letter, planes.length, width, height));
        const result = await model.run({
          [names.input]: { shape, data: ordered(data, input.axes, planes.length) },
        });
        return unordered(result[names.output].data, output.axes, width * height);
      },
      processPlanes(planes, input.processing),
      tileOptions(description, config.maps.length),
    );
    return processPlanes(results, output.processing);
  };
  return {
    description,
    target: config.target,
    channels: config.channels,
    pixelSizeUm: config.pixelSizeUm,
    runRaw,
    async run(planes) {
      expectPlanes(planes, config.channels);
      const scaled = planes.map((plane) => ({
        ...plane,
        data: plane.data.map((value) => value * FULL_SCALE),
      }));
      return namedMaps(await runRaw(scaled), config);
    },
    release: () => model.release(),
  };
}

function readConfig({ config, input, output }: PackageDescription): PackageConfig {
  if (config.cytolocus !== undefined) {
    const parsed = configSchema.safeParse(config.cytolocus);
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0];
    throw new ModelError(
      'package-format',
      `the package's config.cytolocus.${path.join('.')} is wrong: ${message}`,
    );
  }
  if (input.channels !== 1) {
    throw new ModelError(
      'package-channels',
      `the package's network asks for ${input.channels} channels and does not say which; expected one (the nuclear stain), ` +
        'or their names under config.cytolocus (target, channels, maps, pixelSizeUm)',
    );
  }
  const outputs = output.channels ?? 1;
  if (outputs > 2) {
    throw new ModelError(
      'package-outputs',
      `the package's network gives ${outputs} planes and does not say which; expected one (nucleus), two (nucleus, border), ` +
        'or their names under config.cytolocus',
    );
  }
  const target: SegmenterTarget = 'nuclei';
  const channels: Channel[] = ['nuclei'];
  const maps = MAP_NAMES.slice(0, outputs);
  return { target, channels, maps, pixelSizeUm: input.pixelSizeUm ?? ASSUMED_PIXEL_SIZE_UM };
}

function tileOptions({ input, output }: PackageDescription, outputs: number): TileOptions {
  const { height, width } = input;
  if (height.least !== width.least || height.step !== width.step) {
    throw new ModelError(
      'package-unsupported',
      `the package's network takes ${width.least}x${height.least} pixels in steps of ${width.step}x${height.step}; expected squares`,
    );
  }
  const fixed = width.step === 0;
  return {
    outputs,
    multiplePx: fixed ? 1 : width.step,
    leastPx: width.least,
    haloPx: output.haloPx,
    tilePx: fixed ? width.least : Math.max(TILE_PX, width.least),
    fixed,
  };
}

function sizeOf(letter: string, channels: number, width: number, height: number): number {
  return letter === 'b' ? 1 : letter === 'c' ? channels : letter === 'y' ? height : width;
}

/** Whether a tensor holds its channels as whole planes, one after the other. */
function channelsFirst(axes: string): boolean {
  return !axes.includes('c') || axes.indexOf('c') < axes.indexOf('y');
}

/** From planes to the tensor's order; y before x in every package that we know. */
function ordered(data: Float32Array, axes: string, channels: number): Float32Array {
  return channelsFirst(axes) ? data : interleaved(data, channels, data.length / channels);
}

function unordered(data: Float32Array, axes: string, area: number): Float32Array {
  return channelsFirst(axes) ? data : interleaved(data, area, data.length / area);
}

/** Rows and columns of a matrix [rows, columns] exchanged. */
function interleaved(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = data[row * columns + column];
  return out;
}

function namedMaps(planes: readonly FloatPlane[], { maps }: PackageConfig): SegmenterMaps {
  const named = (name: (typeof MAP_NAMES)[number]) => planes[maps.indexOf(name)] ?? null;
  const inside = named('inside');
  if (inside) return { inside, border: named('border'), distance: named('distance') };
  throw new ModelError('package-outputs', 'the package names no output plane "inside"');
}
