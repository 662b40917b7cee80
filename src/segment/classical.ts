import {
  type FieldOfView,
  type LabelImage,
  type Segmentation,
  scaledSize,
  smoothLabels,
} from '../imaging/index.js';
import { growCells } from './cells.js';
import { channelStates } from './channel-states.js';
import { findNuclearGaps } from './nuclear-gaps.js';
import { findNuclei } from './nuclei.js';
import { numberByNuclei, pairNucleiWithCells } from './pairing.js';
import { DEFAULT_POLICIES, type SegmentationPolicies } from './policies.js';
import { channelSignal, cytoplasmSignal } from './signal.js';
import { type StageListener, timeStage } from './stages.js';

/** Pixel size at which the work is done: a nucleus is still some 40 pixels across. */
const WORKING_PIXEL_UM = 0.32;
/** Coarser images are enlarged at most this much. */
const MAX_ENLARGEMENT = 2;
/** Rounds off the working pixels when label images are brought to the field's size. */
const ENLARGING_SIGMA_PX = 0.7;

/**
 * Segments a field without a trained network: nuclei by threshold, distance transform and lobe splitting in the nuclear
 * stain; cells by a seeded watershed on microtubules and ER, never on the protein, which must not decide about
 * the outlines it is judged by. Where the nuclear channel is dark (`channelStates`) nuclei are the gaps they leave in the others.
 *
 * Label images have the field's size; cells are numbered 1, 2, ... in the raster order of their nucleus's first pixel;
 * nucleus k lies inside cell k. Cells that touch the border are kept; for the rest see `SegmentationPolicies`.
 * All sizes are in um, and the work is done at 0.32 um a pixel, so the result hardly depends on the image's scale.
 * A field in which nothing stands out has no cells.
 * @param onStage is told the seconds of `signal` (resizing and smoothing of the channels), `nuclei`, `cells`, `pairing` and `label images`
 */
export function segmentClassical(
  field: FieldOfView,
  policies: SegmentationPolicies = DEFAULT_POLICIES,
  onStage?: StageListener,
): Segmentation {
  const { channels } = field;
  const { withoutNucleus } = policies;
  const pixelSizeUm = Math.max(WORKING_PIXEL_UM, field.pixelSizeUm / MAX_ENLARGEMENT);
  const scale = field.pixelSizeUm / pixelSizeUm;
  const { width, height } = scaledSize(field, scale);
  const stage = <T>(name: string, work: () => T) => timeStage(onStage, name, work);

  const nuclear = stage('signal', () => channelSignal(channels.nuclei, width, height, pixelSizeUm));
  if (!nuclear) return emptySegmentation(field);
  const cytoplasm = stage('signal', () => cytoplasmSignal(field, width, height, pixelSizeUm));
  const nuclei = stage('nuclei', () =>
    cytoplasm && channelStates(field).nuclei === 'dark'
      ? findNuclearGaps(cytoplasm, pixelSizeUm)
      : findNuclei(nuclear, cytoplasm, pixelSizeUm, policies),
  );
  const cells = stage('cells', () => growCells(cytoplasm, nuclear, nuclei, pixelSizeUm, withoutNucleus));
  const small = stage('pairing', () =>
    pairNucleiWithCells(cells, nuclei, policies.minCellUm2 / pixelSizeUm ** 2, withoutNucleus),
  );
  return stage('label images', () => {
    const atFieldSize = (labels: LabelImage) =>
      smoothLabels(labels, field.width, field.height, ENLARGING_SIGMA_PX);
    const segmentation = { cells: atFieldSize(small.cells), nuclei: atFieldSize(small.nuclei) };
    numberByNuclei(segmentation, withoutNucleus);
    return segmentation;
  });
}

function emptySegmentation({ width, height }: FieldOfView): Segmentation {
  const empty = () => ({ width, height, data: new Int32Array(width * height) });
  return { cells: empty(), nuclei: empty() };
}
