import {
  type Channel,
  type FieldOfView,
  type FloatPlane,
  type LabelImage,
  resizeArea,
  type Segmentation,
  scaledSize,
  smoothLabels,
} from '../imaging/index.js';
import type { MapNetwork } from '../networks/index.js';
import { cellsFromMaps } from './map-cells.js';
import { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
import { numberByNuclei, pairNucleiWithCells } from './pairing.js';
import { DEFAULT_POLICIES, MIN_CUT_NUCLEUS_UM2, type SegmentationPolicies } from './policies.js';
import { cytoplasmSignal } from './signal.js';
import type { StageListener } from './stages.js';

/** Two networks that outline together: one finds the nuclei, the other the cells around them. */
export interface SegmenterNetworks {
  readonly nuclei: MapNetwork;
  readonly cells: MapNetwork;
}

/** Coarser images are enlarged at most this much. */
const MAX_ENLARGEMENT = 2;
/** Rounds off the working pixels when label images are brought to the field's size. */
const ENLARGING_SIGMA_PX = 0.7;
/** Holes up to this size are nucleoli; the gap within a ring of nuclei is larger. */
const MAX_HOLE_UM2 = 20;
/** Smoothing of the nuclei's outlines. */
const OUTLINE_SMOOTHING_UM = 0.4;

/** From what on a pixel is a nucleus, and how deep a saddle parts two nuclei. */
export const NUCLEI_THRESHOLDS = { insideThreshold: 0.5, leastPeak: 0.3, saddleShare: 0.75 };

/**
 * Segments a field by two trained networks. The result is laid out as `segmentClassical`'s: label images of the field's size,
 * nucleus k inside cell k, numbered in the raster order of the nuclei's first pixels. All sizes are in um, and the work is done
 * at the nuclei network's scale, so the result hardly depends on the image's scale.
 * @param policies what counts as a cell; cells without a nucleus are never kept
 */
export async function segmentByNetworks(
  field: FieldOfView,
  networks: SegmenterNetworks,
  policies: Omit<SegmentationPolicies, 'withoutNucleus'> = DEFAULT_POLICIES,
  onStage: StageListener = () => {},
): Promise<Segmentation> {
  const time = stageTimer(onStage);
  const pixelSizeUm = Math.max(networks.nuclei.pixelSizeUm, field.pixelSizeUm / MAX_ENLARGEMENT);
  const scale = field.pixelSizeUm / pixelSizeUm;
  const { width, height } = scaledSize(field, scale);

  const planes = new Map<Channel, FloatPlane>();
  for (const channel of [...networks.nuclei.channels, ...networks.cells.channels]) {
    const plane = field.channels[channel];
    const empty = () => ({ width, height, bitDepth: 32 as const, data: new Float32Array(width * height) });
    if (!planes.has(channel))
      planes.set(channel, plane === null ? empty() : resizeArea(plane, width, height));
  }
  time('resize');
  const inputs = ({ channels }: MapNetwork) => channels.map((channel) => planes.get(channel)!);
  const nucleiMaps = await networks.nuclei.run(inputs(networks.nuclei));
  time('nuclei network');
  const nuclei = nucleiFromMaps(nucleiMaps, nucleiOptions(pixelSizeUm, policies.minNucleusUm2), {
    cytoplasm: cytoplasmSignal(field, width, height, pixelSizeUm),
    stain: planes.get('nuclei')!,
    touchingNuclei: policies.touchingNuclei,
  });
  time('nuclei from maps');
  const cellMaps = await networks.cells.run(inputs(networks.cells));
  time('cells network');
  const cells = cellsFromMaps(cellMaps, nuclei, pixelSizeUm);
  time('cells from maps');
  const small = pairNucleiWithCells(cells, nuclei, policies.minCellUm2 / pixelSizeUm ** 2);
  time('pair');
  const atFieldSize = (labels: LabelImage) =>
    smoothLabels(labels, field.width, field.height, ENLARGING_SIGMA_PX);
  const segmentation = { cells: atFieldSize(small.cells), nuclei: atFieldSize(small.nuclei) };
  numberByNuclei(segmentation);
  time('enlarge');
  return segmentation;
}

function nucleiOptions(pixelSizeUm: number, minNucleusUm2: number): MapNucleiOptions {
  const pixelAreaUm2 = pixelSizeUm ** 2;
  return {
    ...NUCLEI_THRESHOLDS,
    maxHolePx: MAX_HOLE_UM2 / pixelAreaUm2,
    minAreaPx: minNucleusUm2 / pixelAreaUm2,
    minCutAreaPx: MIN_CUT_NUCLEUS_UM2 / pixelAreaUm2,
    smoothingPx: OUTLINE_SMOOTHING_UM / pixelSizeUm,
  };
}

function stageTimer(onStage: StageListener): (stage: string) => void {
  let last = performance.now();
  return (stage) => {
    const now = performance.now();
    onStage(stage, (now - last) / 1000);
    last = now;
  };
}
