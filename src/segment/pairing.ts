import { type LabelImage, labelPieces, measureRegions, type Segmentation } from '../imaging/index.js';

/**
 * Nuclei and cells, which share numbers already, made a segmentation: every nucleus pixel counts to its cell; of each cell the
 * connected piece that holds most of its nucleus stays; cells below `minAreaPx` go; the rest are numbered 1, 2, ...
 * in the raster order of their nucleus's first pixel.
 */
export function pairNucleiWithCells(cells: LabelImage, nuclei: LabelImage, minAreaPx: number): Segmentation {
  const { width, height } = cells;
  const joined = { width, height, data: cells.data.map((label, i) => nuclei.data[i] || label) };
  const pieces = labelPieces(joined);
  const areasPx = [0, ...measureRegions(pieces).map(({ areaPx }) => areaPx)];
  const nucleusPx = new Int32Array(areasPx.length);
  for (let i = 0; i < pieces.data.length; i++) if (nuclei.data[i] !== 0) nucleusPx[pieces.data[i]]++;
  const mainPiece = new Map<number, number>();
  for (let i = 0; i < pieces.data.length; i++) {
    const best = mainPiece.get(nuclei.data[i]) ?? 0;
    if (nuclei.data[i] !== 0 && nucleusPx[pieces.data[i]] > nucleusPx[best])
      mainPiece.set(nuclei.data[i], pieces.data[i]);
  }
  const kept = new Set([...mainPiece.values()].filter((piece) => areasPx[piece] >= minAreaPx));
  const segmentation = { cells: keep(joined, pieces, kept), nuclei: keep(nuclei, pieces, kept) };
  numberByNuclei(segmentation);
  return segmentation;
}

/** The labels at pixels of the pieces that are kept. */
function keep({ width, height, data }: LabelImage, pieces: LabelImage, kept: Set<number>): LabelImage {
  return { width, height, data: data.map((label, i) => (kept.has(pieces.data[i]) ? label : 0)) };
}

/**
 * Renumbers both images in place (they are large at the field's size): labels that occur in both become 1, 2, ... in the raster
 * order of the nuclei's first pixels, others become background; every nucleus pixel counts to its cell.
 */
export function numberByNuclei({ cells, nuclei }: Segmentation): void {
  const size = nuclei.data.length;
  let greatest = 0;
  for (let i = 0; i < size; i++) greatest = Math.max(greatest, nuclei.data[i], cells.data[i]);
  const numbers = new Int32Array(greatest + 1);
  let count = 0;
  for (let i = 0; i < size; i++) {
    const label = nuclei.data[i];
    if (label !== 0 && numbers[label] === 0) numbers[label] = ++count;
  }
  for (let i = 0; i < size; i++) {
    const nucleus = numbers[nuclei.data[i]];
    nuclei.data[i] = nucleus;
    cells.data[i] = nucleus !== 0 ? nucleus : numbers[cells.data[i]];
  }
}
