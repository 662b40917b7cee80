import {
  distanceTransform,
  type FloatPlane,
  fillHoles,
  gaussianBlur,
  type LabelImage,
  labelComponents,
  maskWhere,
  measureRegions,
  openDisk,
  otsuThreshold,
  watershed,
} from '../imaging/index.js';

/** What belongs to cells at all, as a part of Otsu's threshold: see `growCells`. */
const RIM_THRESHOLD = 0.45;
/** Gaps are closed and looked for in the signal smoothed by so much, which blurs single filaments away. */
const SMOOTHING_UM = 1;
/** The surroundings that a gap is darker than: a nucleus and as much around it. */
const SURROUNDINGS_UM = 8;
/** A gap's signal (a square root) is below this part of its surroundings' mean. */
const GAP_LEVEL = 0.9;
/** The rim of a cell is as thin as a gap is dark. */
const RIM_UM = 2;
/** Radius of the opening that parts gaps from the dark lanes between filaments. */
const OPENING_UM = 2.5;
const MIN_GAP_UM2 = 50;
/** A gap is brighter around than inside; the thin parts of a cell's rim are darker still on the outer side. */
const RING_UM = 2;
const MIN_BRIGHTER_AROUND = 0.8;
const MAX_HOLE_UM2 = 40;

/**
 * Nuclei of a field without nuclear stain, as the round gaps that they leave in microtubules and ER, each with its own number. Rough
 * outlines, and only nuclei that leave a gap; but cells can be grown from them.
 */
export function findNuclearGaps(cytoplasm: FloatPlane, pixelSizeUm: number): LabelImage {
  const { width, height, data } = cytoplasm;
  const threshold = RIM_THRESHOLD * otsuThreshold(data);
  const stained = maskWhere(data.length, (i) => data[i] > threshold);
  const cells = fillHoles(stained, width, height);
  const smooth = gaussianBlur(cytoplasm, SMOOTHING_UM / pixelSizeUm).data;
  const surroundings = meanWithin(cytoplasm, cells, SURROUNDINGS_UM / pixelSizeUm);
  const inner = openDisk(cells, width, height, RIM_UM / pixelSizeUm);
  const dark = maskWhere(data.length, (i) => inner[i] !== 0 && smooth[i] < GAP_LEVEL * surroundings[i]);
  const filled = fillHoles(dark, width, height, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  const gaps = labelComponents(openDisk(filled, width, height, OPENING_UM / pixelSizeUm), width, height);
  const brighter = brighterAround(gaps, smooth, RING_UM / pixelSizeUm);
  const numbers = [0];
  let count = 0;
  for (const { label, areaPx } of measureRegions(gaps)) {
    const isGap = areaPx * pixelSizeUm ** 2 >= MIN_GAP_UM2 && brighter[label] >= MIN_BRIGHTER_AROUND;
    numbers[label] = isGap ? ++count : 0;
  }
  for (let i = 0; i < gaps.data.length; i++) gaps.data[i] = numbers[gaps.data[i]];
  return gaps;
}

/** For each label the share of the pixels around it that are brighter than its mean. */
function brighterAround({ width, height, data }: LabelImage, values: Float32Array, ringPx: number): number[] {
  const distance = distanceTransform(
    maskWhere(data.length, (i) => data[i] === 0),
    width,
    height,
  );
  const near = maskWhere(data.length, (i) => distance[i] <= ringPx);
  const cost = { width, height, bitDepth: 32 as const, data: distance };
  const grown = watershed(cost, { width, height, data }, near).data;
  const sums: number[] = [];
  const areas: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const label = data[i];
    sums[label] = (sums[label] ?? 0) + values[i];
    areas[label] = (areas[label] ?? 0) + 1;
  }
  const around: number[] = [];
  const brighter: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const label = grown[i];
    if (label === 0 || data[i] !== 0) continue;
    around[label] = (around[label] ?? 0) + 1;
    if (values[i] > sums[label] / areas[label]) brighter[label] = (brighter[label] ?? 0) + 1;
  }
  return around.map((count, label) => (brighter[label] ?? 0) / count);
}

/** Gaussian mean of the values at the mask's pixels only. */
function meanWithin(plane: FloatPlane, mask: Uint8Array, sigmaPx: number): Float32Array {
  const { width, height } = plane;
  const blurMasked = (value: (i: number) => number) => {
    const data = new Float32Array(mask.length);
    for (let i = 0; i < data.length; i++) if (mask[i] !== 0) data[i] = value(i);
    return gaussianBlur({ width, height, bitDepth: 32, data }, sigmaPx).data;
  };
  const sums = blurMasked((i) => plane.data[i]);
  const weights = blurMasked(() => 1);
  for (let i = 0; i < sums.length; i++) sums[i] /= weights[i];
  return sums;
}
