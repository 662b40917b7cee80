import { type CellBox, cutCrop, measureLevels } from '../crops/index.js';
import type { FieldOfView, Segmentation } from '../imaging/index.js';
import { type Classifier, turnedClassifier } from '../networks/index.js';
import { adjustScores } from '../scoring/index.js';

/** Crops are classified this many at a time: enough to keep two cores busy, little enough to stay under 50 MB. */
const BATCH = 32;

/**
 * Scores of a field's cells, in the order given, each 19 numbers in [0, 1]: what the network says of each crop (turned as
 * often as its file asks for), adjusted and calibrated as its file asks for.
 * @param calibrated false leaves the calibration out, to fit one @default true
 * @throws InputError `labels-size-mismatch`; ModelError `model-shape`
 */
export async function classifyCells(
  classifier: Classifier,
  field: FieldOfView,
  segmentation: Pick<Segmentation, 'cells'>,
  cells: readonly CellBox[],
  calibrated = true,
): Promise<Float32Array[]> {
  const { crop: cropOptions, prediction, fieldModel, calibration } = classifier.metadata;
  const network = prediction === undefined ? classifier : turnedClassifier(classifier, prediction.turns);
  const levels = measureLevels(field, segmentation.cells, cropOptions);
  const own: Float32Array[] = [];
  for (let start = 0; start < cells.length; start += BATCH) {
    const batch = cells.slice(start, start + BATCH);
    const crops = batch.map((cell) => cutCrop(field, segmentation, cell, cropOptions, levels));
    const length = crops[0].length;
    const input = new Float32Array(batch.length * length);
    for (let i = 0; i < crops.length; i++) input.set(crops[i], i * length);
    const output = await network.classify(input, batch.length);
    const classes = output.length / batch.length;
    for (let i = 0; i < batch.length; i++) own.push(output.slice(i * classes, (i + 1) * classes));
  }
  return adjustScores(own, {
    prediction: prediction ?? null,
    fieldModel: fieldModel ?? null,
    calibration: calibrated ? (calibration ?? null) : null,
  });
}
