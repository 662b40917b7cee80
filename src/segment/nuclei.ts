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
import { dropDebris } from './debris.js';
import { joinLobes, WIDEST_NECK } from './necks.js';
import { nucleusMask } from './nucleus-mask.js';
import { DEFAULT_POLICIES, MIN_CUT_NUCLEUS_UM2, type SegmentationPolicies } from './policies.js';

/** Lobes less wide than this are bumps. */
const MIN_LOBE_RADIUS_UM = 2;
/** Smoothing of the distances, so that a ragged outline makes no lobes. */
const DISTANCE_SMOOTHING_UM = 0.5;
/** Holes up to this size in a finished nucleus are nucleoli at its rim; the gap within a ring of nuclei is larger. */
const MAX_HOLE_UM2 = 40;
/** Smoothing of the finished outlines: closes the notches that nucleoli at the rim leave. */
const OUTLINE_SMOOTHING_UM = 0.8;

/**
 * Nuclei in the signal of the nuclear stain (`channelSignal`), each with its own number; none where nothing stands out.
 * @param cytoplasm the cytoplasm's signal, which tells touching nuclei from lobes of one; null where there is none
 */
export function findNuclei(
  signal: FloatPlane,
  cytoplasm: FloatPlane | null,
  pixelSizeUm: number,
  policies: Pick<SegmentationPolicies, 'touchingNuclei' | 'minNucleusUm2'> = DEFAULT_POLICIES,
): LabelImage {
  const { width, height } = signal;
  const mask = nucleusMask(signal, pixelSizeUm);
  const data = distanceTransform(mask, width, height);
  // Infinity (all of the image is nucleus) would spoil the smoothing.
  for (let i = 0; i < data.length; i++) if (data[i] > width + height) data[i] = width + height;
  const distance = gaussianBlur({ width, height, bitDepth: 32, data }, DISTANCE_SMOOTHING_UM / pixelSizeUm);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) distance.data[i] = 0;
  const minRadiusPx = MIN_LOBE_RADIUS_UM / pixelSizeUm;
  const lobes = splitLobes(distance, (peak, saddle) => peak > minRadiusPx && saddle < WIDEST_NECK * peak);
  const joined = joinLobes(lobes, distance, cytoplasm, policies.touchingNuclei);
  const smooth = smoothLabels(joined, width, height, OUTLINE_SMOOTHING_UM / pixelSizeUm);
  const nuclei = withoutHoles(smooth, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  const pixelAreaUm2 = pixelSizeUm ** 2;
  const minAreaPx = policies.minNucleusUm2 / pixelAreaUm2;
  dropDebris(nuclei, { minAreaPx, minCutAreaPx: MIN_CUT_NUCLEUS_UM2 / pixelAreaUm2 }, signal);
  return nuclei;
}

/** Smoothing closes the mouth of a notch at a nucleolus, which leaves a hole: it belongs to the nucleus on its left. */
function withoutHoles({ width, height, data }: LabelImage, maxAreaPx: number): LabelImage {
  const mask = maskWhere(data.length, (i) => data[i] !== 0);
  const filled = fillHoles(mask, width, height, maxAreaPx);
  const labels = data.slice();
  for (let i = 0; i < labels.length; i++) if (filled[i] !== 0 && labels[i] === 0) labels[i] = labels[i - 1];
  return { width, height, data: labels };
}
