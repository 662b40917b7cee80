import type { LabelImage, Segmentation } from '../imaging/index.js';
import type { Layout } from './layout.js';
import type { SynthSettings } from './settings.js';

/**
 * The least that must be seen of a nucleus and of a cell, in um^2: HPA-Cell-Segmentation (CellProfiling, Apache-2.0) drops
 * what is smaller at 0.08 um a pixel (2,500 and 5,500 px). Nothing else keeps a cut cell out: the competition's own masks
 * (hpa/masks) number a cell of which 43 um^2 of the nucleus, about a sixth, lie in the field.
 */
const LEAST_NUCLEUS_UM2 = 16;
const LEAST_CELL_UM2 = 35.2;

/**
 * Cuts the field out of the layout's label images and numbers the cells 1 to n in raster order of their first pixel.
 * @returns the label images and, for each new number in order, the layout's label
 */
export function cropLabels(
  layout: Layout,
  settings: Pick<SynthSettings, 'width' | 'height' | 'pixelSizeUm' | 'leastNucleusShare'>,
): { segmentation: Segmentation; shown: number[] } {
  const { width, height, pixelSizeUm, leastNucleusShare } = settings;
  const pixelUm2 = pixelSizeUm * pixelSizeUm;
  const cells = cut(layout.cells, layout, width, height);
  const nuclei = cut(layout.nuclei, layout, width, height);
  const visible = countPixels(cells.data, layout.seeds.length);
  const wholeNuclei = countPixels(layout.nuclei, layout.seeds.length);
  const visibleNuclei = countPixels(nuclei.data, layout.seeds.length);
  const newNumber = new Int32Array(layout.seeds.length + 1);
  const shown: number[] = [];
  for (const label of cells.data) {
    if (label === 0 || newNumber[label] !== 0) continue;
    if (visible[label] * pixelUm2 < LEAST_CELL_UM2) continue;
    if (visibleNuclei[label] * pixelUm2 < LEAST_NUCLEUS_UM2) continue;
    if (visibleNuclei[label] < leastNucleusShare * wholeNuclei[label]) continue;
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
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}
