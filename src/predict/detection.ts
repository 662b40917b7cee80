import type { LocationScores } from '../common/index.js';
import { type Box, type FieldOfView, type LabelImage, resizeArea, scaledSize } from '../imaging/index.js';
import { encodeMask, type Rle } from '../masks/index.js';
import { type Detector, normalisePlane, pasteMask } from '../networks/index.js';
import { segmentClassical } from '../segment/index.js';
import type { FoundCells } from './prediction.js';

/** Coarser images are enlarged at most this much. */
const MAX_ENLARGEMENT = 2;
/** A mask more of which lies on surer cells is a part of one of them found again, which suppression by boxes does not see. */
const MOST_COVERED = 0.5;

/**
 * A field's cells by a detector, at the network's scale. Where masks overlap, a pixel of the label image is the cell's that
 * the detector was surest of; `located` keeps the masks whole. A cell that lies by more than half on surer ones is left out. Cells are
 * numbered from the surest on. A detector knows no nuclei: those of `segmentClassical` get the number of the cell that
 * most of each lies in, cut off where they leave it.
 */
export async function detectCells(field: FieldOfView, detector: Detector): Promise<FoundCells> {
  const { metadata } = detector;
  const pixelSizeUm = Math.max(metadata.pixelSizeUm, field.pixelSizeUm / MAX_ENLARGEMENT);
  const scale = field.pixelSizeUm / pixelSizeUm;
  const { width, height } = scaledSize(field, scale);
  const planes = metadata.channels.map((channel) => {
    const plane = field.channels[channel];
    if (plane === null)
      return { width, height, bitDepth: 32 as const, data: new Float32Array(width * height) };
    return normalisePlane(resizeArea(plane, width, height), metadata.normalisation);
  });
  const found = await detector.detect(planes);
  const cells = emptyLabels(field);
  const located = new Map<number, { readonly scores: LocationScores; readonly mask: Rle }>();
  const up = { x: field.width / width, y: field.height / height };
  for (const detection of found) {
    const { box, mask } = pasteMask(detection, up, field.width, field.height);
    const pixels = pixelsOf(box, mask, field.width);
    const free = pixels.filter((at) => cells.data[at] === 0);
    if (free.length === 0 || free.length < (1 - MOST_COVERED) * pixels.length) continue;
    const full = new Uint8Array(field.width * field.height);
    for (const at of pixels) full[at] = 1;
    const number = located.size + 1;
    for (const at of free) cells.data[at] = number;
    located.set(number, { scores: detection.scores, mask: encodeMask(full, field.width, field.height) });
  }
  return { cells, nuclei: nucleiWithin(cells, segmentClassical(field).nuclei), located };
}

/** Positions in the image of the set pixels within a box. */
function pixelsOf(box: Box, mask: Uint8Array, imageWidth: number): Int32Array {
  const positions = new Int32Array(mask.length);
  let count = 0;
  for (let y = 0, at = 0; y < box.height; y++) {
    let target = (box.y + y) * imageWidth + box.x;
    for (let x = 0; x < box.width; x++, at++, target++) if (mask[at] !== 0) positions[count++] = target;
  }
  return positions.subarray(0, count);
}

function emptyLabels({ width, height }: FieldOfView): LabelImage {
  return { width, height, data: new Int32Array(width * height) };
}

/** Nuclei under the numbers of the cells that hold most of each, cut off at the cells' outlines. */
function nucleiWithin(cells: LabelImage, nuclei: LabelImage): LabelImage {
  const shared = new Map<number, Map<number, number>>();
  for (let i = 0; i < cells.data.length; i++) {
    const nucleus = nuclei.data[i];
    if (nucleus === 0 || cells.data[i] === 0) continue;
    const counts = shared.get(nucleus) ?? new Map<number, number>();
    counts.set(cells.data[i], (counts.get(cells.data[i]) ?? 0) + 1);
    shared.set(nucleus, counts);
  }
  const owners = new Map(
    [...shared].map(([nucleus, counts]) => [nucleus, [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0]]),
  );
  const data = nuclei.data.map((nucleus, i) =>
    nucleus !== 0 && owners.get(nucleus) === cells.data[i] ? cells.data[i] : 0,
  );
  return { width: cells.width, height: cells.height, data };
}
