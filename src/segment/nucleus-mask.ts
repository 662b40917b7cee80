import {
  type FloatPlane,
  fillHoles,
  labelComponents,
  maskWhere,
  measureRegions,
  openDisk,
  otsuThreshold,
} from '../imaging/index.js';
import { contrast } from './signal.js';

/** Above this a blob may be nuclei in a haze that passed for nucleus; it is looked at by itself. */
const MAX_AREA_UM2 = 600;
/** How many times brighter (in the signal) the upper part must be for the lower to be taken for haze. */
const HAZE_RATIO = 1.6;
/** Part of the threshold at which nuclei are sought that are dimmer than the others. */
const DIM_THRESHOLD = 0.65;
/** A blob at the lower threshold is a dim nucleus where the share of it that passes the upper one lies between these. */
const MIN_BRIGHT_SHARE = 0.05;
const MAX_BRIGHT_SHARE = 0.5;
/**
 * Contrast (see `contrast`) that a nuclear stain has at least. Noise and smooth gradients come to 2.5 to 3.2, the stained
 * real fields at hand to 5 and more.
 */
const MIN_CONTRAST = 3.7;
/** A nucleus ends where the signal (a square root) falls below this part of its own mean: at 0.36 of its brightness. */
const OWN_THRESHOLD = 0.6;
/** Unstained nucleoli are filled, the gap within a ring of nuclei is not. */
const MAX_HOLE_UM2 = 20;
/** Radius of the opening that cuts off threads of haze. */
const OPENING_UM = 0.6;
/**
 * Pixels (1, else 0) of nuclei in the signal of the nuclear stain (`channelSignal`); none where nothing stands out. Each blob
 * is cut at its own threshold, so that dim and bright nuclei are outlined alike.
 */
export function nucleusMask(signal: FloatPlane, pixelSizeUm: number): Uint8Array {
  const { width, height, data } = signal;
  const threshold = otsuThreshold(data);
  if (!(contrast(data, threshold) >= MIN_CONTRAST)) return new Uint8Array(data.length);
  const stained = addDimNuclei(signal, threshold);
  const cleared = refine(stained, signal, (values) =>
    values.length * pixelSizeUm ** 2 > MAX_AREA_UM2 ? hazeThreshold(values) : 0,
  );
  const nuclei = refine(cleared, signal, (values) => OWN_THRESHOLD * mean(values));
  const filled = fillHoles(nuclei, width, height, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  return openDisk(filled, width, height, OPENING_UM / pixelSizeUm);
}

/** The threshold between nuclei and haze where the values fall into two clear classes, else 0. */
function hazeThreshold(values: Float32Array): number {
  const threshold = otsuThreshold(values);
  const upper = values.filter((value) => value > threshold);
  const lower = values.filter((value) => value <= threshold);
  return upper.length > 0 && mean(upper) > HAZE_RATIO * mean(lower) ? threshold : 0;
}

/**
 * The pixels above the threshold, and the whole of those connected parts at a lower threshold of which only some pixels
 * pass it: nuclei dimmer than the rest. Haze passes it nowhere, the rim of a bright nucleus is the smaller part.
 */
function addDimNuclei(signal: FloatPlane, threshold: number): Uint8Array {
  const { width, height, data } = signal;
  const wide = maskWhere(data.length, (i) => data[i] > DIM_THRESHOLD * threshold);
  const parts = labelComponents(wide, width, height);
  const regions = measureRegions(parts);
  const brightPx = new Int32Array(regions.length + 1);
  for (let i = 0; i < data.length; i++) if (data[i] > threshold) brightPx[parts.data[i]]++;
  const isDim = [false];
  for (const { label, areaPx } of regions) {
    const share = brightPx[label] / areaPx;
    isDim[label] = share > MIN_BRIGHT_SHARE && share < MAX_BRIGHT_SHARE;
  }
  return maskWhere(data.length, (i) => data[i] > threshold || isDim[parts.data[i]]);
}

/** Of each connected part of the mask only the pixels above a threshold that is found from the part's own values. */
function refine(
  mask: Uint8Array,
  signal: FloatPlane,
  ownThreshold: (values: Float32Array) => number,
): Uint8Array {
  const { width, height, data } = signal;
  const parts = labelComponents(mask, width, height);
  const values = [new Float32Array(0)];
  for (const { label, areaPx } of measureRegions(parts)) values[label] = new Float32Array(areaPx);
  const filled = new Int32Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const part = parts.data[i];
    if (part > 0) values[part][filled[part]++] = data[i];
  }
  const thresholds = values.map((own, part) => (part === 0 ? 0 : ownThreshold(own)));
  return maskWhere(mask.length, (i) => mask[i] !== 0 && data[i] > thresholds[parts.data[i]]);
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
