import { UsageError } from '../common/index.js';
import type { Channel } from '../imaging/index.js';
import type { ModelSpec } from '../learn/index.js';
import type { SegmenterTarget } from './segmenter-metadata.js';
import { buildUnet, type UnetOptions, unetHaloPx, unetMultiplePx } from './unet.js';

/** A network that outlines, as it can be trained. */
export interface SegmenterDescription {
  readonly name: string;
  /** One or two sentences for people: what distinguishes it, where it comes from. */
  readonly reason: string;
  readonly target: SegmenterTarget;
  /** Input planes, in order. */
  readonly channels: readonly Channel[];
  /** Scale it works at, in um a pixel. */
  readonly pixelSizeUm: number;
  /** Width and height of the patches that it is trained on. */
  readonly patchPx: number;
  readonly multiplePx: number;
  readonly haloPx: number;
  /** Input `planes` [channels, patchPx, patchPx], output `maps` [3, patchPx, patchPx]: logits. */
  build(): ModelSpec;
}

/** 0.32 um shows a nucleus some 40 pixels wide, and makes a field of the atlas 512 pixels wide. */
const PIXEL_SIZE_UM = 0.32;

function describe(
  unet: UnetOptions,
  rest: Pick<SegmenterDescription, 'reason' | 'target' | 'channels' | 'patchPx'>,
): SegmenterDescription {
  return {
    name: unet.name,
    ...rest,
    pixelSizeUm: PIXEL_SIZE_UM,
    multiplePx: unetMultiplePx(unet),
    haloPx: unetHaloPx(unet),
    build: () => buildUnet(unet, rest.channels.length, rest.patchPx),
  };
}

const NUCLEI_UNET = describe(
  { name: 'nuclei_unet', filters: [16, 32, 64, 96, 128], stemStride: 1 },
  {
    reason:
      'Ours: a light U-Net at full resolution, for nuclei of 8 to 60 pixels: those of the Data Science Bowl 2018 and, at 0.32 um, of the atlas.',
    target: 'nuclei',
    channels: ['nuclei'],
    patchPx: 128,
  },
);

const CELLS_UNET = describe(
  { name: 'cells_unet', filters: [24, 48, 96, 128, 128], stemStride: 2 },
  {
    reason:
      'Ours: a light U-Net whose stem halves the size at once: cells are ten times larger than what the stem loses, and see over 80 um.',
    target: 'cells',
    channels: ['microtubules', 'er', 'nuclei'],
    patchPx: 256,
  },
);

/** All segmenters' networks that can be trained, by name. */
export const SEGMENTER_NETWORKS: ReadonlyMap<string, SegmenterDescription> = new Map(
  [NUCLEI_UNET, CELLS_UNET].map((network) => [network.name, network]),
);

/** @throws UsageError `unknown-network` */
export function segmenterNetworkNamed(name: string): SegmenterDescription {
  const network = SEGMENTER_NETWORKS.get(name);
  if (network !== undefined) return network;
  throw new UsageError(
    'unknown-network',
    `unknown network "${name}": expected one of ${[...SEGMENTER_NETWORKS.keys()].join(', ')}`,
  );
}
