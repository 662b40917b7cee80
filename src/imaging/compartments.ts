import type { LabelImage, Plane, Segmentation } from './plane.js';

/** Values of `mergeMasks`: apart enough to be seen. */
const CYTOPLASM = 127;
const NUCLEUS = 255;

/** Each cell less its nucleus, with the cell's number. */
export function cytoplasmLabels({ cells, nuclei }: Segmentation): LabelImage {
  const { width, height } = cells;
  const data = cells.data.slice();
  for (let i = 0; i < data.length; i++) if (nuclei.data[i] !== 0) data[i] = 0;
  return { width, height, data };
}

/** Cells and nuclei in one 8-bit mask: 0 background, 127 cytoplasm, 255 nucleus. */
export function mergeMasks({ cells, nuclei }: Segmentation): Plane {
  const { width, height } = cells;
  const data = new Uint8Array(cells.data.length);
  for (let i = 0; i < data.length; i++) {
    if (nuclei.data[i] !== 0) data[i] = NUCLEUS;
    else if (cells.data[i] !== 0) data[i] = CYTOPLASM;
  }
  return { width, height, bitDepth: 8, data };
}
