import {
  type FieldOfView,
  type FloatPlane,
  type LabelImage,
  type Segmentation,
  smoothLabels,
} from '../imaging/index.js';
import { growCells } from './cells.js';
import { findNuclei } from './nuclei.js';
import { numberByNuclei, pairNucleiWithCells } from './pairing.js';
import { channelSignal } from './signal.js';

/** Pixel size at which the work is done: a nucleus is still some 40 pixels across. */
const WORKING_PIXEL_UM = 0.32;
/** Coarser images are enlarged at most this much. */
const MAX_ENLARGEMENT = 2;
/** Cells below this are fragments: HPA-Cell-Segmentation's 5,500 pixels at 0.08 um. */
const MIN_CELL_AREA_UM2 = 35.2;
/** Rounds off the working pixels when label images are brought to the field's size. */
const ENLARGING_SIGMA_PX = 0.7;

/**
 * Segments a field without a trained network: nuclei by threshold, distance transform and lobe splitting in the nuclear
 * stain; cells by a seeded watershed on microtubules and ER, never on the protein, which must not decide about
 * the outlines it is judged by.
 *
 * Label images have the field's size; cells are numbered 1, 2, ... in the raster order of their nucleus's first pixel;
 * nucleus k lies inside cell k. Cells that touch the border are kept, cells without a visible nucleus are not found.
 * All sizes are in um, and the work is done at 0.32 um a pixel, so the result hardly depends on the image's scale.
 * A field in which nothing stands out has no cells.
 */
export function segmentClassical(field: FieldOfView): Segmentation {
  const { channels } = field;
  const pixelSizeUm = Math.max(WORKING_PIXEL_UM, field.pixelSizeUm / MAX_ENLARGEMENT);
  const scale = field.pixelSizeUm / pixelSizeUm;
  const width = Math.max(1, Math.round(field.width * scale));
  const height = Math.max(1, Math.round(field.height * scale));

  const nuclear = channelSignal(channels.nuclei, width, height, pixelSizeUm);
  if (!nuclear) return emptySegmentation(field);
  const filling = [channels.microtubules, channels.er]
    .map((plane) => plane && channelSignal(plane, width, height, pixelSizeUm))
    .filter((signal) => signal !== null);
  const cytoplasm = meanPlane(filling);
  const nuclei = findNuclei(nuclear, cytoplasm, pixelSizeUm);
  const cells = growCells(cytoplasm, nuclear, nuclei, pixelSizeUm);
  const small = pairNucleiWithCells(cells, nuclei, MIN_CELL_AREA_UM2 / pixelSizeUm ** 2);
  const atFieldSize = (labels: LabelImage) =>
    smoothLabels(labels, field.width, field.height, ENLARGING_SIGMA_PX);
  const segmentation = { cells: atFieldSize(small.cells), nuclei: atFieldSize(small.nuclei) };
  numberByNuclei(segmentation);
  return segmentation;
}

function emptySegmentation({ width, height }: FieldOfView): Segmentation {
  const empty = () => ({ width, height, data: new Int32Array(width * height) });
  return { cells: empty(), nuclei: empty() };
}

function meanPlane(planes: FloatPlane[]): FloatPlane | null {
  if (planes.length === 0) return null;
  const [first, ...others] = planes;
  const data = first.data.map(
    (value, i) => others.reduce((sum, plane) => sum + plane.data[i], value) / planes.length,
  );
  return { ...first, data };
}
