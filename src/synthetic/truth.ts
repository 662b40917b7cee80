import type { LabelImage, Segmentation } from '../imaging/index.js';
import type { Layout } from './layout.js';

/**
 * A cell counts where the field shows at least this share of its nucleus (and of its cell): the atlas's own masks leave
 * out cells whose nucleus lies beyond the border. So 34 % of cells touch it (cells/masks), as for discs of 30 um whose
 * centre lies in a field of 164 um; counting every cell would make it 52 %.
 */
const LEAST_NUCLEUS_SHARE = 0.6;
const LEAST_CELL_SHARE = 0.2;

/**
 * Cuts the field out of the layout's label images and numbers the cells 1 to n in raster order of their first pixel.
 * @returns the label images and, for each new number in order, the layout's label
 */
export function cropLabels(
  layout: Layout,
  size: { readonly width: number; readonly height: number },
): { segmentation: Segmentation; shown: number[] } {
  const { width, height } = size;
  const whole = countPixels(layout.cells, layout.seeds.length);
  const cells = cut(layout.cells, layout, width, height);
  const nuclei = cut(layout.nuclei, layout, width, height);
  const visible = countPixels(cells.data, layout.seeds.length);
  const wholeNuclei = countPixels(layout.nuclei, layout.seeds.length);
  const visibleNuclei = countPixels(nuclei.data, layout.seeds.length);
  const newNumber = new Int32Array(layout.seeds.length + 1);
  const shown: number[] = [];
  for (const label of cells.data) {
    if (label === 0 || newNumber[label] !== 0) continue;
    if (visible[label] < LEAST_CELL_SHARE * whole[label]) continue;
    if (visibleNuclei[label] === 0 || visibleNuclei[label] < LEAST_NUCLEUS_SHARE * wholeNuclei[label])
      continue;
    shown.push(label);
    newNumber[label] = shown.length;
  }
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
