import { ModelError } from '../common/index.js';
import { loadModel, type Runtime, type TensorInfo } from '../engine/index.js';
import type { Channel, FloatPlane } from '../imaging/index.js';
import { normalisePlane } from './network-plane.js';
import {
  decodeSegmenterMetadata,
  MAP_NAMES,
  type SegmenterMetadata,
  type SegmenterTarget,
} from './segmenter-metadata.js';
import { runTiled } from './tiles.js';

/** What a network says of every pixel: see `MAP_NAMES`. All of one size. */
export interface SegmenterMaps {
  readonly inside: FloatPlane;
  /** null where the network does not say. */
  readonly border: FloatPlane | null;
  readonly distance: FloatPlane | null;
}

/** A network that outlines nuclei or cells, ours or another's. */
export interface MapNetwork {
  readonly target: SegmenterTarget;
  /** Input planes, in order. */
  readonly channels: readonly Channel[];
  /** Scale of its input in um a pixel. */
  readonly pixelSizeUm: number;
  /**
   * Maps of planes of any size at the network's scale, one for each of `channels`, in [0, 1] of full scale.
   * @throws ModelError `model-channels` when their number is another
   */
  run(planes: readonly FloatPlane[]): Promise<SegmenterMaps>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/** A trained network of ours that outlines nuclei or cells. */
export interface SegmenterNetwork extends MapNetwork {
  readonly metadata: SegmenterMetadata;
}

/** A field of 3072 px at 0.08 um fits in one tile; 16 planes of floats of this size are 64 MB. */
const TILE_PX = 1024;

/**
 * Opens a segmenter's ONNX file.
 * @throws ModelError `model-unreadable` (no ONNX), `model-metadata-missing`, `model-kind`, `model-version`,
 *   `model-metadata`, `model-shape` (input or output do not fit the metadata), `graph-rejected`
 */
export async function loadSegmenterNetwork(
  runtime: Runtime,
  modelBytes: Uint8Array,
  tilePx = TILE_PX,
): Promise<SegmenterNetwork> {
  const model = await loadModel(runtime, modelBytes);
  try {
    const metadata = decodeSegmenterMetadata(model.metadata);
    const input = onlyTensor('input', model.inputs, metadata.channels.length);
    const output = onlyTensor('output', model.outputs, MAP_NAMES.length);
    const { target, channels, pixelSizeUm, normalisation, multiplePx, haloPx } = metadata;
    return {
      metadata,
      target,
      channels,
      pixelSizeUm,
      async run(planes) {
        expectPlanes(planes, channels);
        const [inside, border, distance] = await runTiled(
          async (data, width, height) => {
            const results = await model.run({ [input]: { shape: [1, planes.length, height, width], data } });
            return results[output].data;
          },
          planes.map((plane) => normalisePlane(plane, normalisation)),
          { outputs: MAP_NAMES.length, multiplePx, haloPx, tilePx },
        );
        return { inside, border, distance };
      },
      release: () => model.release(),
    };
  } catch (error) {
    await model.release();
    throw error;
  }
}

/** @throws ModelError `model-channels` */
export function expectPlanes(planes: readonly FloatPlane[], channels: readonly Channel[]): void {
  if (planes.length === channels.length) return;
  throw new ModelError(
    'model-channels',
    `the network needs ${channels.length} planes (${channels.join(', ')}), got ${planes.length}`,
  );
}

/** The name of the one tensor [N, channels, height, width]. */
function onlyTensor(what: string, tensors: readonly TensorInfo[], channels: number): string {
  const [tensor] = tensors;
  if (tensors.length === 1 && tensor.shape.length === 4 && tensor.shape[1] === channels) return tensor.name;
  const found = tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(' and ') || 'missing';
  throw new ModelError(
    'model-shape',
    `the network's ${what} is ${found}; its metadata ask for one of [N, ${channels}, height, width]`,
  );
}
