import { type LabelImage, labelPieces, measureRegions, type Segmentation } from '../imaging/index.js';
import type { WithoutNucleus } from './policies.js';

/**
 * Nuclei and cells, which share numbers already, made a segmentation: every nucleus pixel counts to its cell; of each cell the
 * connected piece that holds most of its nucleus stays (of a cell without nucleus the largest); cells below `minAreaPx` go; the rest
 * are numbered as `numberByNuclei` does.
 */
export function pairNucleiWithCells(
  cells: LabelImage,
  nuclei: LabelImage,
  minAreaPx: number,
  withoutNucleus: WithoutNucleus = 'drop',
): Segmentation {
  const { width, height } = cells;
  const joined = { width, height, data: cells.data.slice() };
  for (let i = 0; i < joined.data.length; i++) if (nuclei.data[i] !== 0) joined.data[i] = nuclei.data[i];
  const pieces = labelPieces(joined);
  const regions = measureRegions(pieces);
  const labels = new Int32Array(regions.length + 1);
  const nucleusPx = new Int32Array(regions.length + 1);
  for (let i = 0; i < pieces.data.length; i++) {
    labels[pieces.data[i]] = joined.data[i];
    if (nuclei.data[i] !== 0) nucleusPx[pieces.data[i]]++;
  }
  const areasPx = [0, ...regions.map(({ areaPx }) => areaPx)];
  const mainPiece = new Map<number, number>();
  for (const { label: piece } of regions) {
    const best = mainPiece.get(labels[piece]);
    const better =
      best === undefined ||
      nucleusPx[piece] > nucleusPx[best] ||
      (nucleusPx[piece] === nucleusPx[best] && areasPx[piece] > areasPx[best]);
    if (better) mainPiece.set(labels[piece], piece);
  }
  const kept = new Uint8Array(regions.length + 1);
  for (const piece of mainPiece.values()) {
    const hasNucleus = nucleusPx[piece] > 0;
    if (areasPx[piece] >= minAreaPx && (hasNucleus || withoutNucleus === 'keep')) kept[piece] = 1;
  }
  const segmentation = { cells: keep(joined, pieces, kept), nuclei: keep(nuclei, pieces, kept) };
  numberByNuclei(segmentation, withoutNucleus);
  return segmentation;
}

/** The labels at pixels of the pieces that are kept. */
function keep({ width, height, data }: LabelImage, pieces: LabelImage, kept: Uint8Array): LabelImage {
  const out = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) if (kept[pieces.data[i]] !== 0) out[i] = data[i];
  return { width, height, data: out };
}

/**
 * Renumbers both images in place (they are large at the field's size): labels that occur in the nuclei become 1, 2, ... in the
 * raster order of the nuclei's first pixels; cells without nucleus go, or are kept and numbered after these in the raster order of
 * their own first pixel; every nucleus pixel counts to its cell.
 */
export function numberByNuclei(
  { cells, nuclei }: Segmentation,
  withoutNucleus: WithoutNucleus = 'drop',
): void {
  const numbers = new Map<number, number>();
  /** All that cells bear outside nuclei, in raster order. */
  const labels = new Set<number>();
  let lastNucleus = 0;
  let lastCell = 0;
  // Large images are bound by memory: one sweep gives the order, and mostly nothing is left to be renumbered.
  for (let i = 0; i < nuclei.data.length; i++) {
    const nucleus = nuclei.data[i];
    if (nucleus !== 0) {
      cells.data[i] = nucleus;
      if (nucleus !== lastNucleus && !numbers.has(nucleus)) numbers.set(nucleus, numbers.size + 1);
      lastNucleus = nucleus;
    } else {
      const cell = cells.data[i];
      if (cell !== lastCell && cell !== 0) labels.add(cell);
      lastCell = cell;
    }
  }
  for (const label of labels) {
    if (numbers.has(label)) continue;
    numbers.set(label, withoutNucleus === 'keep' ? numbers.size + 1 : 0);
  }
  let greatest = 0;
  let inOrder = true;
  for (const [label, number] of numbers) {
    greatest = Math.max(greatest, label);
    inOrder &&= label === number;
  }
  if (inOrder) return;
  const table = new Int32Array(greatest + 1);
  for (const [label, number] of numbers) table[label] = number;
  for (const { data } of [cells, nuclei]) for (let i = 0; i < data.length; i++) data[i] = table[data[i]];
}
