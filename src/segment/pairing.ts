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
  return numberByNuclei(
    { width, height, data: joined.data.map((label, i) => (kept.has(pieces.data[i]) ? label : 0)) },
    { width, height, data: nuclei.data.map((label, i) => (kept.has(pieces.data[i]) ? label : 0)) },
  );
}

/**
 * Numbers that occur in both images become 1, 2, ... in the raster order of the nuclei's first pixels, others become background;
 * every nucleus pixel counts to its cell.
 */
export function numberByNuclei(cells: LabelImage, nuclei: LabelImage): Segmentation {
  const { width, height } = cells;
  const numbers = new Map<number, number>([[0, 0]]);
  let last = 0;
  for (let i = 0; i < nuclei.data.length; i++) {
    const label = nuclei.data[i];
    if (label === last) continue;
    last = label;
    if (!numbers.has(label)) numbers.set(label, numbers.size);
  }
  const table = new Int32Array(Math.max(...numbers.keys()) + 1);
  for (const [label, number] of numbers) table[label] = number;
  const numbered = {
    cells: { width, height, data: new Int32Array(cells.data.length) },
    nuclei: { width, height, data: new Int32Array(cells.data.length) },
  };
  for (let i = 0; i < cells.data.length; i++) {
    const nucleus = table[nuclei.data[i]];
    numbered.nuclei.data[i] = nucleus;
    // A cell whose nucleus vanished may bear a number beyond the table: it becomes background.
    numbered.cells.data[i] = nucleus !== 0 ? nucleus : (table[cells.data[i]] ?? 0);
  }
  return numbered;
}
