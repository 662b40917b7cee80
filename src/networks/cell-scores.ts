import { type CellBox, cutCrop, measureLevels } from '../crops/index.js';
import type { FieldOfView, Segmentation } from '../imaging/index.js';
import { calibrateScores } from './calibration.js';
import type { Classifier } from './classifier.js';

/** Crops are classified this many at a time: enough to keep two cores busy, little enough to stay under 50 MB. */
const BATCH = 32;

/**
 * Scores of a field's cells, in the order given, each 19 numbers in [0, 1]: what the network says, calibrated where its
 * file holds a calibration.
 * @param calibrated false leaves the network's own scores, to fit a calibration on @default true
 * @throws InputError `labels-size-mismatch`; ModelError `model-shape`
 */
export async function scoreCells(
  classifier: Classifier,
  field: FieldOfView,
  segmentation: Pick<Segmentation, 'cells'>,
  cells: readonly CellBox[],
  calibrated = true,
): Promise<Float32Array[]> {
  const { crop: cropOptions, calibration } = classifier.metadata;
  const levels = measureLevels(field, segmentation.cells, cropOptions);
  const scores: Float32Array[] = [];
  for (let start = 0; start < cells.length; start += BATCH) {
    const batch = cells.slice(start, start + BATCH);
    const crops = batch.map((cell) => cutCrop(field, segmentation, cell, cropOptions, levels));
    const length = crops[0].length;
    const input = new Float32Array(batch.length * length);
    for (let i = 0; i < crops.length; i++) input.set(crops[i], i * length);
    const output = await classifier.classify(input, batch.length);
    const classes = output.length / batch.length;
    for (let i = 0; i < batch.length; i++) scores.push(output.slice(i * classes, (i + 1) * classes));
  }
  if (!calibrated || calibration === undefined) return scores;
  return scores.map((raw) => calibrateScores(raw, calibration));
}
