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
  smoothLabels,
  watershed,
} from '../imaging/index.js';
import type { WithoutNucleus } from './policies.js';

/**
 * The cell ends where the signal (a square root, so a quarter in brightness) falls below this part of Otsu's threshold:
 * Otsu parts bright from dim, and the thin rim of a cell is dim. Cells of the two reference fields overlap best
 * at 0.4 to 0.55.
 */
const RIM_THRESHOLD = 0.45;
/** Gaps in the stain below this belong to the cell (vacuoles, sparse filaments). */
const MAX_HOLE_UM2 = 30;
/** Radius of the opening that cuts off threads and crumbs. */
const OPENING_UM = 1;
/** Smoothing of the signal in which the borders between cells are sought. */
const VALLEY_SMOOTHING_UM = 0.6;
/**
 * How much the flood is held back per um from the nearest nucleus; 1 is a fall of the signal to 1/e. It shares out
 * evenly stained cytoplasm by distance, where the valleys between cells alone would let one cell take it all.
 */
const DISTANCE_WEIGHT_PER_UM = 0.04;
/**
 * The nuclei first grow by so much alike: around a nucleus the cytoplasm's signal is low, and without this head start a cell
 * whose neighbours are brighter would be closed in before it has left its nucleus.
 */
const HEAD_START_UM = 1;
/** Added to the signal before its logarithm is taken, so that black is no abyss. */
const SIGNAL_FLOOR = 0.05;
/** Smoothing of the finished outlines. */
const OUTLINE_SMOOTHING_UM = 0.8;
/** Where no channel shows the cytoplasm, of a field or of one cell, a cell is what lies this near to its nucleus. */
const FALLBACK_REACH_UM = 5;
/** A cell of less than so many times its nucleus's area shows no cytoplasm of its own. */
const MIN_SEEN_RATIO = 1.15;
/** Stained regions without nucleus are cells from this area on; below it they are fragments and debris. */
const MIN_LONE_CELL_UM2 = 100;

/**
 * Cells grown from their nuclei by a seeded watershed on the cytoplasm's signal, bearing the nuclei's numbers; stained regions that
 * no nucleus reaches are cells too if `withoutNucleus` is `keep`, with the numbers after these.
 * @param cytoplasm mean signal of the channels that fill the cell; null where there is none
 * @param nuclear signal of the nuclear stain
 */
export function growCells(
  cytoplasm: FloatPlane | null,
  nuclear: FloatPlane,
  nuclei: LabelImage,
  pixelSizeUm: number,
  withoutNucleus: WithoutNucleus = 'drop',
): LabelImage {
  const { width, height } = nuclei;
  const outside = maskWhere(width * height, (i) => nuclei.data[i] === 0);
  const distance = distanceTransform(outside, width, height);
  const cost = { width, height, bitDepth: 32 as const, data: distance };
  if (!cytoplasm) {
    const near = maskWhere(distance.length, (i) => distance[i] * pixelSizeUm <= FALLBACK_REACH_UM);
    return watershed(cost, nuclei, near);
  }
  const mask = cellMask(cytoplasm, nuclear, nuclei, pixelSizeUm);
  const rim = maskWhere(mask.length, (i) => mask[i] !== 0 && distance[i] * pixelSizeUm <= HEAD_START_UM);
  const seeds = watershed(cost, nuclei, rim);
  // The logarithm makes a border of what is dark for its surroundings, in dim cells as in bright ones.
  const smooth = gaussianBlur(cytoplasm, VALLEY_SMOOTHING_UM / pixelSizeUm).data;
  for (let i = 0; i < distance.length; i++) {
    distance[i] = DISTANCE_WEIGHT_PER_UM * pixelSizeUm * distance[i] - Math.log(SIGNAL_FLOOR + smooth[i]);
  }
  const cells = watershed(cost, seeds, mask);
  growUnseen(cells, nuclei, FALLBACK_REACH_UM / pixelSizeUm);
  if (withoutNucleus === 'keep') addLoneCells(cells, mask, MIN_LONE_CELL_UM2 / pixelSizeUm ** 2);
  return smoothLabels(cells, width, height, OUTLINE_SMOOTHING_UM / pixelSizeUm);
}

/** Cells in which no cytoplasm is seen take, in place, the free pixels near to their nucleus. */
function growUnseen(cells: LabelImage, nuclei: LabelImage, reachPx: number): void {
  const { width, height, data } = cells;
  const nucleusPx = new Map(measureRegions(nuclei).map(({ label, areaPx }) => [label, areaPx]));
  const unseen = new Set<number>();
  for (const { label, areaPx } of measureRegions(cells)) {
    if (areaPx < MIN_SEEN_RATIO * (nucleusPx.get(label) ?? 0)) unseen.add(label);
  }
  if (unseen.size === 0) return;
  const seeds = { width, height, data: new Int32Array(data.length) };
  for (let i = 0; i < data.length; i++) if (unseen.has(data[i])) seeds.data[i] = data[i];
  const distance = distanceTransform(
    maskWhere(data.length, (i) => seeds.data[i] === 0),
    width,
    height,
  );
  const free = maskWhere(
    data.length,
    (i) => distance[i] <= reachPx && (data[i] === 0 || seeds.data[i] !== 0),
  );
  const grown = watershed({ width, height, bitDepth: 32, data: distance }, seeds, free).data;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) data[i] = grown[i];
}

/** Numbers, in place, the regions of the mask that bear no label yet. */
function addLoneCells(cells: LabelImage, mask: Uint8Array, minAreaPx: number): void {
  const { width, height, data } = cells;
  const free = labelComponents(
    maskWhere(mask.length, (i) => mask[i] !== 0 && data[i] === 0),
    width,
    height,
    4,
  );
  let last = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > last) last = data[i];
  const numbers = [0];
  for (const { label, areaPx } of measureRegions(free)) numbers[label] = areaPx >= minAreaPx ? ++last : 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) data[i] = numbers[free.data[i]];
}

function cellMask(
  cytoplasm: FloatPlane,
  nuclear: FloatPlane,
  nuclei: LabelImage,
  pixelSizeUm: number,
): Uint8Array {
  const { width, height } = nuclei;
  const signal = cytoplasm.data.slice();
  for (let i = 0; i < signal.length; i++) if (nuclear.data[i] > signal[i]) signal[i] = nuclear.data[i];
  const threshold = RIM_THRESHOLD * otsuThreshold(signal);
  const stained = maskWhere(signal.length, (i) => signal[i] > threshold || nuclei.data[i] !== 0);
  const filled = fillHoles(stained, width, height, MAX_HOLE_UM2 / pixelSizeUm ** 2);
  const opened = openDisk(filled, width, height, OPENING_UM / pixelSizeUm);
  return maskWhere(opened.length, (i) => opened[i] !== 0 || nuclei.data[i] !== 0);
}
