import {
  type FieldOfView,
  type FloatPlane,
  fillHoles,
  gaussianBlur,
  type LabelImage,
  labelComponents,
  maskWhere,
  measureRegions,
  otsuThreshold,
  type Plane,
  resizeArea,
  type Segmentation,
  scaledSize,
  smoothLabels,
  toFloatPlane,
  watershed,
} from '../imaging/index.js';
import type { HpaMaps, HpaNetwork } from '../networks/index.js';
import { closeLabels, fillLabelHoles } from './label-morphology.js';
import { numberByNuclei, pairNucleiWithCells } from './pairing.js';

/** HPA-Cell-Segmentation's two networks. */
export interface HpaPair {
  readonly nuclei: HpaNetwork;
  readonly cells: HpaNetwork;
}

/** Scale that the networks were trained at: images of 0.08 um a pixel reduced four times. */
const NETWORK_PIXEL_UM = 0.32;
const REDUCTION = 4;
/** Its constants are pixels of this scale. */
const NATIVE_PIXEL_UM = 0.08;
/** Rounds off the working pixels when label images are brought to the field's size. */
const ENLARGING_SIGMA_PX = 0.7;

/** Sizes in pixels of the image that is worked on. */
export interface HpaSizes {
  readonly seedPx: number;
  readonly nucleusPx: number;
  readonly cellPx: number;
  readonly holePx: number;
  readonly closingRadiusPx: number;
}

/** HPA-Cell-Segmentation's own, at 0.08 um a pixel. */
export const HPA_NATIVE_SIZES: HpaSizes = {
  seedPx: 500,
  nucleusPx: 2500,
  cellPx: 5500,
  holePx: 1000,
  closingRadiusPx: 6,
};

/**
 * Segments a field by HPA-Cell-Segmentation's networks: its input, its thresholds and its steps, with sizes in um, worked at
 * 0.32 um a pixel. `compat`: as the original does it, the image reduced four times whatever its scale, the maps brought
 * back to its size, and the constants taken as pixels. Its defects are not repeated in either: images that are not square are
 * not transposed, numbers and sums do not wrap.
 */
export async function segmentByHpaPair(
  field: FieldOfView,
  pair: HpaPair,
  compat: boolean,
): Promise<Segmentation> {
  const scale = compat ? 1 / REDUCTION : field.pixelSizeUm / NETWORK_PIXEL_UM;
  const { width, height } = scaledSize(field, scale);
  const resize = (plane: Plane) =>
    compat ? resizeSmoothly(plane, width, height) : resizeArea(plane, width, height);
  const { microtubules, er, nuclei } = field.channels;
  const blue = resize(nuclei);
  const empty = { width, height, bitDepth: 32 as const, data: new Float32Array(width * height) };
  const maps = {
    nuclei: await pair.nuclei.run([blue, blue, blue]),
    cells: await pair.cells.run([resize(microtubules), er === null ? empty : resize(er), blue]),
  };
  if (!compat) {
    const small = hpaCells(maps.nuclei, maps.cells, sizesAt(NETWORK_PIXEL_UM));
    const atFieldSize = (labels: LabelImage) =>
      smoothLabels(labels, field.width, field.height, ENLARGING_SIGMA_PX);
    const segmentation = { cells: atFieldSize(small.cells), nuclei: atFieldSize(small.nuclei) };
    numberByNuclei(segmentation);
    return segmentation;
  }
  const enlarge = ({ border, body }: HpaMaps): HpaMaps => ({
    border: sampleBilinear(border, field.width, field.height),
    body: sampleBilinear(body, field.width, field.height),
  });
  return hpaCells(enlarge(maps.nuclei), enlarge(maps.cells), HPA_NATIVE_SIZES);
}

function sizesAt(pixelSizeUm: number): HpaSizes {
  const scale = NATIVE_PIXEL_UM / pixelSizeUm;
  const { seedPx, nucleusPx, cellPx, holePx, closingRadiusPx } = HPA_NATIVE_SIZES;
  return {
    seedPx: seedPx * scale ** 2,
    nucleusPx: nucleusPx * scale ** 2,
    cellPx: cellPx * scale ** 2,
    holePx: holePx * scale ** 2,
    closingRadiusPx: closingRadiusPx * scale,
  };
}

/** A border this certain is no seed, and extends a cell. */
const BORDER_THRESHOLD = 0.05;
const SEED_THRESHOLD = 0.15;
const NUCLEUS_THRESHOLD = 0.4;
const LEAST_CELL_THRESHOLD = 0.22;

/** HPA-Cell-Segmentation's post-processing: from both networks' maps to cells and nuclei that share numbers. */
export function hpaCells(nuclei: HpaMaps, cells: HpaMaps, sizes: HpaSizes): Segmentation {
  const { width, height } = nuclei.body;
  const size = width * height;
  const n1 = nuclei.border.data;
  const n2 = nuclei.body.data;
  const c1 = cells.border.data;
  const c2 = cells.body.data;
  const seedMask = maskWhere(size, (i) => 1 - (n1[i] + c1[i]) > BORDER_THRESHOLD && n2[i] > SEED_THRESHOLD);
  const seeds = withoutSmall(labelComponents(seedMask, width, height), sizes.seedPx);
  const nucleusMask = fillHoles(
    maskWhere(size, (i) => n2[i] > NUCLEUS_THRESHOLD),
    width,
    height,
    sizes.holePx,
  );
  const flat = { width, height, bitDepth: 32 as const, data: new Float32Array(size) };
  const inMask = { ...seeds, data: seeds.data.map((label, i) => (nucleusMask[i] === 0 ? 0 : label)) };
  const whole = withoutSmall(parted(watershed(flat, inMask, nucleusMask)), sizes.nucleusPx);

  const threshold = Math.max(LEAST_CELL_THRESHOLD, otsuThreshold(c2) / 2);
  const cellMask = maskWhere(size, (i) => c2[i] > threshold);
  const depth: FloatPlane = { ...flat, data: c2.map((value) => -value) };
  const grown = withoutSmall(watershed(depth, whole, cellMask), sizes.cellPx);
  const closed = fillLabelHoles(closeLabels(grown, sizes.closingRadiusPx));
  const wide = maskWhere(size, (i) => closed.data[i] !== 0 || c1[i] > BORDER_THRESHOLD);
  const extended = watershed(depth, closed, wide);
  const kept = new Set(extended.data);
  const paired = { ...whole, data: whole.data.map((label) => (kept.has(label) ? label : 0)) };
  return pairNucleiWithCells(extended, paired, sizes.cellPx);
}

function withoutSmall(labels: LabelImage, leastPx: number): LabelImage {
  const kept = new Set(
    measureRegions(labels).flatMap(({ label, areaPx }) => (areaPx >= leastPx ? [label] : [])),
  );
  return { ...labels, data: labels.data.map((label) => (kept.has(label) ? label : 0)) };
}

/** A line of background between labels that touch. */
function parted(labels: LabelImage): LabelImage {
  const { width, data } = labels;
  const touchesLower = (i: number, j: number) => data[j] !== 0 && data[j] < data[i];
  return {
    ...labels,
    data: data.map((label, i) => {
      const x = i % width;
      const line =
        (x > 0 && touchesLower(i, i - 1)) ||
        (x < width - 1 && touchesLower(i, i + 1)) ||
        (i >= width && touchesLower(i, i - width)) ||
        (i + width < data.length && touchesLower(i, i + width));
      return line ? 0 : label;
    }),
  };
}

/** Reduced as scikit-image's `rescale` with anti-aliasing does it: a Gaussian of half the reduction less 1, then bilinear. */
function resizeSmoothly(plane: Plane, width: number, height: number): FloatPlane {
  const sigma = Math.max(0, (plane.width / width - 1) / 2);
  return sampleBilinear(gaussianBlur(toFloatPlane(plane), sigma), width, height);
}

/** Values at the new pixels' centres, between four pixels; edges repeated. */
function sampleBilinear(plane: FloatPlane, width: number, height: number): FloatPlane {
  const data = new Float32Array(width * height);
  const position = (i: number, from: number, to: number) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
  for (let y = 0, i = 0; y < height; y++) {
    const sourceY = position(y, plane.height, height);
    const top = Math.floor(sourceY);
    const row0 = top * plane.width;
    const row1 = Math.min(plane.height - 1, top + 1) * plane.width;
    for (let x = 0; x < width; x++, i++) {
      const sourceX = position(x, plane.width, width);
      const left = Math.floor(sourceX);
      const right = Math.min(plane.width - 1, left + 1);
      const shareX = sourceX - left;
      const upper = plane.data[row0 + left] + (plane.data[row0 + right] - plane.data[row0 + left]) * shareX;
      const lower = plane.data[row1 + left] + (plane.data[row1 + right] - plane.data[row1 + left]) * shareX;
      data[i] = upper + (lower - upper) * (sourceY - top);
    }
  }
  return { width, height, bitDepth: 32, data };
}
