/** Our segmenters' networks as bioimage.io packages of format 0.5. */
import { stringify } from 'yaml';
import { MAP_NAMES, type SegmenterMetadata } from './segmenter-metadata.js';

/** The format's version that is written. */
const FORMAT = '0.5.4';
/** Test tensors may differ by so much from a run elsewhere. */
const TOLERANCE = 1e-3;

/** What a package says beside the network's own metadata. */
export interface PackageFacts {
  /** Letters, digits, spaces, `_-()+`. */
  readonly name: string;
  readonly description: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly version: string;
  /** SHA-256 of the package's other files. */
  readonly sha256: {
    readonly weights: string;
    readonly testInput: string;
    readonly testOutput: string;
  };
  /** The weights' ONNX operator set. */
  readonly opset: number;
}

/** Names of a package's files. */
export const PACKAGE_FILES = {
  description: 'rdf.yaml',
  weights: 'weights.onnx',
  testInput: 'test_input.npy',
  testOutput: 'test_output.npy',
  readme: 'README.md',
} as const;

/** The least width and height that leave something between the halos. */
export function leastPackagePx({ haloPx, multiplePx }: SegmenterMetadata): number {
  return (Math.floor((2 * haloPx) / multiplePx) + 1) * multiplePx;
}

/**
 * The text of a package's `rdf.yaml`. The percentiles and the clipping of our normalisation are steps of the format; its exponent is
 * not, so it is in the weights (`withInputPower`). Its least range has no place there: images without any signal differ.
 */
export function describePackage(metadata: SegmenterMetadata, facts: PackageFacts): string {
  const { channels, pixelSizeUm, haloPx, multiplePx, normalisation, target, maps } = metadata;
  const { sha256 } = facts;
  const space = (id: string) => ({ type: 'space', id, unit: 'micrometer', scale: pixelSizeUm });
  const size = { min: leastPackagePx(metadata), step: multiplePx };
  return stringify({
    format_version: FORMAT,
    type: 'model',
    name: facts.name,
    description: facts.description,
    version: facts.version,
    timestamp: facts.timestamp,
    authors: [{ name: 'Cytolocus' }],
    license: 'Apache-2.0',
    documentation: PACKAGE_FILES.readme,
    tags: ['unet', '2d', 'segmentation', 'fluorescence-light-microscopy', target],
    cite: [
      {
        text: 'Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation. MICCAI 2015.',
        doi: '10.1007/978-3-319-24574-4_28',
      },
    ],
    config: {
      bioimageio: { reproducibility_tolerance: [{ absolute_tolerance: TOLERANCE }] },
      cytolocus: { target, channels, maps, pixelSizeUm },
    },
    inputs: [
      {
        id: 'planes',
        description: `intensities: ${channels.join(', ')}`,
        axes: [
          { type: 'batch' },
          { type: 'channel', channel_names: channels },
          { ...space('y'), size },
          { ...space('x'), size },
        ],
        test_tensor: { source: PACKAGE_FILES.testInput, sha256: sha256.testInput },
        data: { type: 'float32' },
        preprocessing: [
          { id: 'ensure_dtype', kwargs: { dtype: 'float32' } },
          {
            id: 'scale_range',
            kwargs: {
              axes: ['y', 'x'],
              min_percentile: normalisation.lowPercent,
              max_percentile: normalisation.highPercent,
            },
          },
          { id: 'clip', kwargs: { min: 0, max: normalisation.most ** (1 / normalisation.gamma) } },
        ],
      },
    ],
    outputs: [
      {
        id: 'maps',
        description: `each in [0, 1]: ${MAP_NAMES.join(', ')}`,
        axes: [
          { type: 'batch' },
          { type: 'channel', channel_names: maps },
          { ...space('y'), size: { tensor_id: 'planes', axis_id: 'y' }, halo: haloPx },
          { ...space('x'), size: { tensor_id: 'planes', axis_id: 'x' }, halo: haloPx },
        ],
        test_tensor: { source: PACKAGE_FILES.testOutput, sha256: sha256.testOutput },
        data: { type: 'float32' },
      },
    ],
    weights: { onnx: { source: PACKAGE_FILES.weights, sha256: sha256.weights, opset_version: facts.opset } },
  });
}
