import {
  distanceTransform,
  type FloatPlane,
  fillHoles,
  gaussianBlur,
  type LabelImage,
  maskWhere,
  smoothLabels,
  splitLobes,
} from '../imaging/index.js';
import type { SegmenterMaps } from '../networks/index.js';
import { dropDebris, type NucleusSizes } from './debris.js';
import { joinLobes } from './necks.js';
import type { TouchingNuclei } from './policies.js';

/** How nuclei are made of a network's maps. Lengths and areas in pixels of the maps. */
export interface MapNucleiOptions extends NucleusSizes {
  /** Least `inside` of a nucleus's pixel. */
  readonly insideThreshold: number;
  /** A peak of the landscape below this (of 1, or of the radius in pixels where the network gives no distance) is no nucleus of its own. */
  readonly leastPeak: number;
  /** Peaks whose saddle is lower than this part of the lower one are two nuclei. */
  readonly saddleShare: number;
  /** Holes up to this size are filled. */
  readonly maxHolePx: number;
  /** Standard deviation of the outlines' smoothing; 0 leaves them. */
  readonly smoothingPx: number;
}

/** What decides whether parts that the network keeps apart are one nucleus, or share a cell: see `joinLobes`. */
export interface Joining {
  /** The cytoplasm's signal; null where no channel shows it. */
  readonly cytoplasm: FloatPlane | null;
  /** The nuclear stain. */
  readonly stain: FloatPlane;
  readonly touchingNuclei: TouchingNuclei;
}

/** Smoothing of the distances of a mask, so that a ragged outline makes no lobes. */
const MASK_DISTANCE_SMOOTHING_PX = 1.5;

/**
 * Nuclei in a network's maps, each with its own number. The landscape is the predicted distance, lowered at predicted borders;
 * where the network gives no distance, it is the distance within the mask. Its peaks that stand out are nuclei.
 * @param joining null leaves them so
 */
export function nucleiFromMaps(
  maps: SegmenterMaps,
  options: MapNucleiOptions,
  joining: Joining | null = null,
): LabelImage {
  const { inside, border } = maps;
  const { width, height } = inside;
  const found = maskWhere(inside.data.length, (i) => inside.data[i] > options.insideThreshold);
  const mask = fillHoles(found, width, height, options.maxHolePx);
  const geometric = maps.distance === null || joining ? maskDistance(mask, width, height) : null;
  const distance = maps.distance ?? geometric!;
  const landscape = { ...distance, data: distance.data.slice() };
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) landscape.data[i] = 0;
    // A mask's pixel stays above 0, or it would not be part of any nucleus.
    else landscape.data[i] = Math.max(1e-3, landscape.data[i] * (1 - (border?.data[i] ?? 0)));
  }
  const { leastPeak, saddleShare, smoothingPx } = options;
  const lobes = splitLobes(landscape, (peak, saddle) => peak > leastPeak && saddle < saddleShare * peak);
  const nuclei =
    joining && geometric ? joinLobes(lobes, geometric, joining.cytoplasm, joining.touchingNuclei) : lobes;
  const smooth = smoothingPx > 0 ? smoothLabels(nuclei, width, height, smoothingPx) : nuclei;
  dropDebris(smooth, options, joining?.stain ?? null);
  return smooth;
}

function maskDistance(mask: Uint8Array, width: number, height: number): FloatPlane {
  // Infinity (all of the image is nucleus) would spoil the smoothing.
  const data = distanceTransform(mask, width, height).map((value) => Math.min(value, width + height));
  return gaussianBlur({ width, height, bitDepth: 32, data }, MASK_DISTANCE_SMOOTHING_PX);
}
