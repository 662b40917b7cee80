import {
  distanceTransform,
  type FloatPlane,
  fillHoles,
  gaussianBlur,
  type LabelImage,
  labelComponents,
  measureRegions,
  openDisk,
  otsuThreshold,
  type Region,
  splitLobes,
} from '../imaging/index.js';
import { contrast } from './signal.js';

/** Nuclei below this are fragments: HPA-Cell-Segmentation's 2,500 pixels at 0.08 um. */
const MIN_AREA_UM2 = 16;
/** Above this a blob is not believed to be nuclei alone before it has been looked at by itself. */
const MAX_AREA_UM2 = 600;
/**
 * Contrast (see `contrast`) that a nuclear stain has at least. Noise and smooth gradients come to 2.5 to 3.2, the 53 real
 * fields at hand to 5 and more.
 */
const MIN_CONTRAST = 3.7;
/** A nucleus ends where the signal (a square root) falls below this part of its own mean: at 0.36 of its brightness. */
const OWN_THRESHOLD = 0.6;
/** Unstained nucleoli are filled, the gap within a ring of nuclei is not. */
const MAX_HOLE_UM2 = 20;
/** Radius of the opening that cuts off threads of haze. */
const OPENING_UM = 0.6;
/**
 * Touching nuclei are split where the neck is narrower than this part of the smaller one's width. Lobes of one nucleus,
 * and nuclei that share a cell, mostly have wider necks.
 */
const NECK = 0.6;
/** Lobes less wide than this are bumps. */
const MIN_LOBE_RADIUS_UM = 2;
/** Smoothing of the distances, so that a ragged outline makes no lobes. */
const DISTANCE_SMOOTHING_UM = 0.5;

/** Nuclei in the signal of the nuclear stain (`channelSignal`), each with its own number; none where nothing stands out. */
export function findNuclei(signal: FloatPlane, pixelSizeUm: number): LabelImage {
  const { width, height } = signal;
  const mask = nucleusMask(signal, pixelSizeUm);
  // Infinity (all of the image is nucleus) would spoil the smoothing.
  const data = distanceTransform(mask, width, height).map((distance) => Math.min(distance, width + height));
  const distance = gaussianBlur({ width, height, bitDepth: 32, data }, DISTANCE_SMOOTHING_UM / pixelSizeUm);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) distance.data[i] = 0;
  const minRadiusPx = MIN_LOBE_RADIUS_UM / pixelSizeUm;
  const lobes = splitLobes(distance, (peak, saddle) => peak > minRadiusPx && saddle < NECK * peak);
  const isLarge = labelFlags(
    measureRegions(lobes),
    ({ areaPx }) => areaPx * pixelSizeUm ** 2 >= MIN_AREA_UM2,
  );
  return { width, height, data: lobes.data.map((label) => label * isLarge[label]) };
}

function nucleusMask(signal: FloatPlane, pixelSizeUm: number): Uint8Array {
  const { width, height, data } = signal;
  const threshold = otsuThreshold(data);
  if (!(contrast(data, threshold) >= MIN_CONTRAST)) return new Uint8Array(data.length);
  const first = Uint8Array.from(data, (value) => (value > threshold ? 1 : 0));
  const split = refine(first, signal, (values, areaPx) =>
    areaPx * pixelSizeUm ** 2 > MAX_AREA_UM2 ? otsuThreshold(values) : 0,
  );
  const trimmed = refine(split, signal, (values) => OWN_THRESHOLD * mean(values));
  const filled = fillHoles(trimmed, width, height, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  return openDisk(filled, width, height, OPENING_UM / pixelSizeUm);
}

/** Of each connected part of the mask only the pixels above a threshold that is found from the part's own values. */
function refine(
  mask: Uint8Array,
  signal: FloatPlane,
  ownThreshold: (values: Float32Array, areaPx: number) => number,
): Uint8Array {
  const { width, height, data } = signal;
  const parts = labelComponents(mask, width, height).data;
  const counts: number[] = [];
  for (let i = 0; i < parts.length; i++) counts[parts[i]] = (counts[parts[i]] ?? 0) + 1;
  const values = counts.map((count, part) => new Float32Array(part === 0 ? 0 : count));
  const filled = new Int32Array(counts.length);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part > 0) values[part][filled[part]++] = data[i];
  }
  const thresholds = values.map((own, part) => (part === 0 ? 0 : ownThreshold(own, own.length)));
  return mask.map((v, i) => (v !== 0 && data[i] > thresholds[parts[i]] ? 1 : 0));
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 1 at the labels of the regions that pass, 0 elsewhere. */
export function labelFlags(regions: Region[], passes: (region: Region) => boolean): Uint8Array {
  const flags = new Uint8Array((regions.at(-1)?.label ?? 0) + 1);
  for (const region of regions) flags[region.label] = passes(region) ? 1 : 0;
  return flags;
}
