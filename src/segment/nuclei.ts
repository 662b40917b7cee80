import {
  distanceTransform,
  type FloatPlane,
  fillHoles,
  gaussianBlur,
  type LabelImage,
  measureRegions,
  smoothLabels,
  splitLobes,
} from '../imaging/index.js';
import { joinLobes, WIDEST_NECK } from './necks.js';
import { nucleusMask } from './nucleus-mask.js';

/** Nuclei below this are fragments or debris, unless the image's border cuts them. */
const MIN_AREA_UM2 = 25;
/** The same for nuclei at the border: HPA-Cell-Segmentation's 2,500 pixels at 0.08 um. */
const MIN_CUT_AREA_UM2 = 16;
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
): LabelImage {
  const { width, height } = signal;
  const mask = nucleusMask(signal, pixelSizeUm);
  // Infinity (all of the image is nucleus) would spoil the smoothing.
  const data = distanceTransform(mask, width, height).map((distance) => Math.min(distance, width + height));
  const distance = gaussianBlur({ width, height, bitDepth: 32, data }, DISTANCE_SMOOTHING_UM / pixelSizeUm);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) distance.data[i] = 0;
  const minRadiusPx = MIN_LOBE_RADIUS_UM / pixelSizeUm;
  const lobes = splitLobes(distance, (peak, saddle) => peak > minRadiusPx && saddle < WIDEST_NECK * peak);
  const joined = joinLobes(lobes, distance, cytoplasm);
  const smooth = smoothLabels(joined, width, height, OUTLINE_SMOOTHING_UM / pixelSizeUm);
  const nuclei = withoutHoles(smooth, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  const minAreaPx = (touchesEdge: boolean) =>
    (touchesEdge ? MIN_CUT_AREA_UM2 : MIN_AREA_UM2) / pixelSizeUm ** 2;
  const kept = new Set<number>();
  for (const { label, areaPx, touchesEdge } of measureRegions(nuclei)) {
    if (areaPx >= minAreaPx(touchesEdge)) kept.add(label);
  }
  return { width, height, data: nuclei.data.map((label) => (kept.has(label) ? label : 0)) };
}

/** Smoothing closes the mouth of a notch at a nucleolus, which leaves a hole: it belongs to the nucleus on its left. */
function withoutHoles({ width, height, data }: LabelImage, maxAreaPx: number): LabelImage {
  const mask = Uint8Array.from(data, (label) => (label === 0 ? 0 : 1));
  const filled = fillHoles(mask, width, height, maxAreaPx);
  const labels = data.slice();
  for (let i = 0; i < labels.length; i++) if (filled[i] !== 0 && labels[i] === 0) labels[i] = labels[i - 1];
  return { width, height, data: labels };
}
