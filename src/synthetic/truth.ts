import type { LabelImage, Segmentation } from '../imaging/index.js';
import type { Layout } from './layout.js';

/** A cell of which the field shows less than this is not counted: no person would label it. */
const LEAST_VISIBLE_UM2 = 25;
const LEAST_VISIBLE_SHARE = 0.15;

/**
 * Cuts the field out of the layout's label images and numbers the cells 1 to n in raster order of their first pixel.
 * @returns the label images and, for each new number in order, the layout's label
 */
export function cropLabels(
  layout: Layout,
  size: { readonly width: number; readonly height: number; readonly pixelSizeUm: number },
): { segmentation: Segmentation; shown: number[] } {
  const { width, height, pixelSizeUm } = size;
  const whole = countPixels(layout.cells, layout.seeds.length);
  const cells = cut(layout.cells, layout, width, height);
  const visible = countPixels(cells.data, layout.seeds.length);
  const newNumber = new Int32Array(layout.seeds.length + 1);
  const leastPx = LEAST_VISIBLE_UM2 / (pixelSizeUm * pixelSizeUm);
  const shown: number[] = [];
  for (const label of cells.data) {
    if (label === 0 || newNumber[label] !== 0) continue;
    if (visible[label] < leastPx || visible[label] < LEAST_VISIBLE_SHARE * whole[label]) continue;
    shown.push(label);
    newNumber[label] = shown.length;
  }
  const nuclei = cut(layout.nuclei, layout, width, height);
  for (const image of [cells, nuclei]) {
    for (let i = 0; i < image.data.length; i++) image.data[i] = newNumber[image.data[i]];
  }
  return { segmentation: { cells, nuclei }, shown };
}

function cut(labels: Int32Array, layout: Layout, width: number, height: number): LabelImage {
  const data = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + layout.marginPx) * layout.width + layout.marginPx;
    data.set(labels.subarray(from, from + width), y * width);
  }
  return { width, height, data };
}

function countPixels(labels: Int32Array, most: number): Uint32Array {
  const counts = new Uint32Array(most + 1);
  for (const label of labels) counts[label]++;
  return counts;
}
