import {
  type FieldOfView,
  fullScale,
  type LabelImage,
  labelMeans,
  measureRegions,
  percentile,
  type Region,
  type Segmentation,
} from '../imaging/index.js';
import type { Classifier } from '../networks/index.js';
import { classifyCells } from './cell-scores.js';
import { weightScores } from './edge.js';
import type { CellPrediction, EdgePolicy, FieldPrediction, Segmenter } from './prediction.js';

export interface PredictOptions {
  /** @default 'keep' */
  readonly edge?: EdgePolicy;
  /** Told when a stage is over. */
  readonly onStage?: (stage: 'segmented' | 'classified') => void;
}

/**
 * The main job: outlines every cell of a field of view and scores its 19 locations.
 *
 * @param classifier null leaves the cells without scores, or with those that the segmenter brings.
 */
export async function predictField(
  field: FieldOfView,
  segmenter: Segmenter,
  classifier: Classifier | null,
  options: PredictOptions = {},
): Promise<FieldPrediction> {
  const edge = options.edge ?? 'keep';
  const found = await segmenter(field);
  options.onStage?.('segmented');
  const regions = measureRegions(found.cells);
  const kept = edge === 'drop' ? regions.filter((region) => !region.touchesEdge) : regions;
  const segmentation = kept.length === regions.length ? found : keepCells(found, kept);
  const { located } = found;
  const classified = classifier === null ? null : await classifyCells(classifier, field, segmentation, kept);
  const scores = classified ?? (located ? kept.map(({ label }) => located.get(label)!.scores) : null);
  options.onStage?.('classified');
  const nucleusAreas = new Map(
    measureRegions(segmentation.nuclei).map(({ label, areaPx }) => [label, areaPx]),
  );
  const proteinMeans = measureProtein(field, segmentation.cells);
  const pixelAreaUm2 = field.pixelSizeUm ** 2;
  const cells = kept.map((region, i): CellPrediction => {
    const areaUm2 = region.areaPx * pixelAreaUm2;
    const raw = scores === null ? null : scores[i];
    return {
      cell: region.label,
      box: region.box,
      areaUm2,
      nucleusAreaUm2: (nucleusAreas.get(region.label) ?? 0) * pixelAreaUm2,
      touchesEdge: region.touchesEdge,
      proteinMean: proteinMeans.get(region.label) ?? 0,
      ...(located ? { mask: located.get(region.label)!.mask } : {}),
      scores: raw !== null && edge === 'weight' ? weightScores(raw, areaUm2, region.touchesEdge) : raw,
    };
  });
  return { segmentation, cells };
}

/** See `CellPrediction.proteinMean`. */
function measureProtein({ channels }: FieldOfView, cells: LabelImage): Map<number, number> {
  const plane = channels.protein;
  const dark = percentile(plane, 1);
  const scale = fullScale(plane);
  return new Map([...labelMeans(cells, plane)].map(([label, mean]) => [label, (mean - dark) / scale]));
}

function keepCells(segmentation: Segmentation, regions: readonly Region[]): Segmentation {
  const kept = new Set(regions.map(({ label }) => label));
  const filter = ({ width, height, data }: LabelImage): LabelImage => ({
    width,
    height,
    data: data.map((label) => (kept.has(label) ? label : 0)),
  });
  return { cells: filter(segmentation.cells), nuclei: filter(segmentation.nuclei) };
}
