import { cutCrop, measureLevels } from '../crops/index.js';
import {
  type FieldOfView,
  type LabelImage,
  measureRegions,
  type Region,
  type Segmentation,
} from '../imaging/index.js';
import type { Classifier } from '../networks/index.js';
import { weightScores } from './edge.js';
import type { CellPrediction, EdgePolicy, FieldPrediction, Segmenter } from './prediction.js';

/** Crops are classified this many at a time: enough to keep two cores busy, little enough to stay under 50 MB. */
const BATCH = 32;

export interface PredictOptions {
  /** @default 'keep' */
  readonly edge?: EdgePolicy;
  /** Told when a stage is over. */
  readonly onStage?: (stage: 'segmented' | 'classified') => void;
}

/**
 * The main job: outlines every cell of a field of view and scores its 19 locations.
 *
 * @param classifier null leaves the cells without scores.
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
  const scores = classifier === null ? null : await scoreCells(field, segmentation, kept, classifier);
  options.onStage?.('classified');
  const nucleusAreas = new Map(
    measureRegions(segmentation.nuclei).map(({ label, areaPx }) => [label, areaPx]),
  );
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
      scores: raw !== null && edge === 'weight' ? weightScores(raw, areaUm2, region.touchesEdge) : raw,
    };
  });
  return { segmentation, cells };
}

async function scoreCells(
  field: FieldOfView,
  segmentation: Segmentation,
  regions: readonly Region[],
  classifier: Classifier,
): Promise<Float32Array[]> {
  const scores: Float32Array[] = [];
  const cropOptions = classifier.metadata.crop;
  const levels = measureLevels(field, segmentation.cells, cropOptions);
  for (let start = 0; start < regions.length; start += BATCH) {
    const batch = regions.slice(start, start + BATCH);
    const crops = batch.map((region) => cutCrop(field, segmentation, region, cropOptions, levels));
    const cropLength = crops[0].length;
    const input = new Float32Array(batch.length * cropLength);
    for (let i = 0; i < crops.length; i++) input.set(crops[i], i * cropLength);
    const output = await classifier.classify(input, batch.length);
    const classes = output.length / batch.length;
    for (let i = 0; i < batch.length; i++) scores.push(output.slice(i * classes, (i + 1) * classes));
  }
  return scores;
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
