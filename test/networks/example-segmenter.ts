import { drawWeights, exportOnnx, listWeights } from '../../src/learn/index.js';
import {
  encodeSegmenterMetadata,
  FORMAT_VERSION,
  MAP_NAMES,
  SEGMENTER_NORMALISATION,
  type SegmenterMetadata,
  segmenterNetworkNamed,
} from '../../src/networks/index.js';

/** Metadata as a training writes them. */
export function exampleMetadata(name: string): SegmenterMetadata {
  const { target, channels, pixelSizeUm, multiplePx, haloPx } = segmenterNetworkNamed(name);
  return {
    kind: 'segmenter',
    formatVersion: FORMAT_VERSION,
    network: name,
    target,
    channels: [...channels],
    maps: [...MAP_NAMES],
    pixelSizeUm,
    multiplePx,
    haloPx,
    normalisation: SEGMENTER_NORMALISATION,
    training: { seed: 1 },
  };
}

/** A network of that description with its first, untrained weights. */
export function exampleSegmenter(
  name: string,
  metadata: SegmenterMetadata | null = exampleMetadata(name),
): Uint8Array {
  const model = segmenterNetworkNamed(name).build();
  return exportOnnx(model, drawWeights(listWeights(model), 1), {
    metadata: metadata === null ? {} : encodeSegmenterMetadata(metadata),
    activation: 'sigmoid',
    freeSize: true,
  });
}
