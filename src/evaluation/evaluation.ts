import { InputError } from '../common/index.js';
import {
  createEvaluationTally,
  type EvaluationOptions,
  type EvaluationTally,
  type ImagePrediction,
  type ImageTruth,
} from '../scoring/index.js';
import { readPredictions, type SizedPrediction } from './predictions.js';
import { openTruth, type TruthSource } from './truth.js';
import { createWorstCollector, type WorstImages } from './worst.js';

/** How predictions stand against truth. */
export interface Evaluation {
  readonly scores: EvaluationTally;
  /** False where the truth knows outlines alone: there is nothing to say of locations. */
  readonly knowsLocations: boolean;
  /** Images of the truth that have no prediction: all their cells count as missed. */
  readonly missing: readonly string[];
  /** Predicted images that the truth does not have: they are not counted. */
  readonly unknown: readonly string[];
  readonly worst: WorstImages;
}

/**
 * Scores predictions (see `readPredictions`) against truth (see `openTruth`), image by image: only one image's masks are
 * in memory at a time where the files allow it.
 * @throws InputError `truth-size`, and whatever is wrong with a file
 */
export async function evaluateFiles(
  truthPath: string,
  predictionsPath: string,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  return evaluateAgainst(await openTruth(truthPath), predictionsPath, options);
}

/** As `evaluateFiles`, for a truth that serves several predictions. */
export async function evaluateAgainst(
  truth: TruthSource,
  predictionsPath: string,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const scores = createEvaluationTally(options);
  const worst = createWorstCollector();
  const left = new Set(truth.ids);
  const unknown: string[] = [];
  const add = (image: ImageTruth, prediction: ImagePrediction) =>
    worst.add(image, prediction, scores.add(image, prediction));
  for await (const predicted of readPredictions(predictionsPath, truth)) {
    const { id } = predicted;
    if (!left.delete(id)) {
      unknown.push(id);
      continue;
    }
    const image = await truth.read(id);
    const prediction = await predicted.read(image);
    checkSameSize(image, prediction);
    add(image, prediction);
  }
  for (const id of left) add(await truth.read(id), { masks: [], detections: [] });
  return { scores, knowsLocations: truth.knowsLocations, missing: [...left], unknown, worst: worst.images() };
}

function checkSameSize(truth: ImageTruth, predicted: SizedPrediction): void {
  if (truth.width === predicted.width && truth.height === predicted.height) return;
  throw new InputError(
    'truth-size',
    `field ${truth.id}: truth is ${truth.width}x${truth.height} but the prediction is ` +
      `${predicted.width}x${predicted.height}; predict from images of the truth's size`,
  );
}
