import { UsageError } from '../../common/index.js';
import { ANCHOR_RATIOS } from './anchors.js';
import type { MaskRcnnOptions } from './model.js';

/** A Mask R-CNN as it can be trained; channels, class head and patch size are the training's choice. */
export interface DetectorDescription {
  readonly name: string;
  /** One or two sentences for people: what distinguishes it, where it comes from. */
  readonly reason: string;
  /** Scale it works at, in um a pixel. */
  readonly pixelSizeUm: number;
  /** Side of a region that is looked at on the level of stride 16. */
  readonly canonicalSidePx: number;
  readonly options: Omit<MaskRcnnOptions, 'classHead' | 'classes'>;
}

/** Width and height of an input must be multiples of this: the coarsest stride. */
export function detectorMultiplePx({ options }: DetectorDescription): number {
  return Math.max(...options.anchors.strides);
}

/** 0.5 um makes a field of the atlas 328 pixels wide, and a cell 30 to 100. */
const PIXEL_SIZE_UM = 0.5;

const TINY: DetectorDescription = {
  name: 'mask_rcnn_tiny',
  reason:
    'Ours: the paper’s parts at a size that learns on two cores. Anchors of 16 to 128 pixels, since cells at 0.5 um are 20 to 120 wide.',
  pixelSizeUm: PIXEL_SIZE_UM,
  canonicalSidePx: 112,
  options: {
    name: 'mask_rcnn_tiny',
    stem: { filters: 16, kernel: 5 },
    stages: [
      { filters: 32, blocks: 1 },
      { filters: 64, blocks: 1 },
      { filters: 96, blocks: 1 },
      { filters: 128, blocks: 1 },
    ],
    block: 'basic',
    pyramidFilters: 48,
    anchors: { strides: [4, 8, 16, 32], sizes: [16, 32, 64, 128], ratios: [...ANCHOR_RATIOS] },
    boxUnits: 192,
    maskFilters: 48,
    maskConvolutions: 2,
    regions: 64,
    maskRegions: 16,
  },
};

/** Sizes of anchors, pyramid, heads and samples of the paper (He et al. 2017) and of torchvision's maskrcnn_resnet50_fpn. */
const RESNET50: DetectorDescription = {
  name: 'mask_rcnn_resnet50',
  reason:
    'The study’s standard configuration: ResNet-50 with a feature pyramid of 256 channels. For a GPU; its weights are not pretrained here.',
  pixelSizeUm: 0.25,
  canonicalSidePx: 224,
  options: {
    name: 'mask_rcnn_resnet50',
    stem: { filters: 64, kernel: 7 },
    stages: [
      { filters: 64, blocks: 3 },
      { filters: 128, blocks: 4 },
      { filters: 256, blocks: 6 },
      { filters: 512, blocks: 3 },
    ],
    block: 'bottleneck',
    pyramidFilters: 256,
    anchors: { strides: [4, 8, 16, 32, 64], sizes: [32, 64, 128, 256, 512], ratios: [...ANCHOR_RATIOS] },
    boxUnits: 1024,
    maskFilters: 256,
    maskConvolutions: 4,
    regions: 512,
    maskRegions: 128,
  },
};

/** All detectors that can be trained, by name. */
export const DETECTOR_NETWORKS: ReadonlyMap<string, DetectorDescription> = new Map(
  [TINY, RESNET50].map((network) => [network.name, network]),
);

/** @throws UsageError `unknown-network` */
export function detectorNetworkNamed(name: string): DetectorDescription {
  const network = DETECTOR_NETWORKS.get(name);
  if (network !== undefined) return network;
  throw new UsageError(
    'unknown-network',
    `unknown network "${name}": expected one of ${[...DETECTOR_NETWORKS.keys()].join(', ')}`,
  );
}
