import { loadRuntime, type PixelSizes, readInputFile, writeFileAtomic } from '../io/index.js';
import { loadClassifier } from '../networks/index.js';
import {
  type AdaptationEvents,
  type AdaptationRecipe,
  type AdaptedClassifier,
  adaptClassifier,
} from '../training/index.js';
import {
  calibrationOn,
  type JudgedCalibration,
  judgeCalibration,
  scoreForCalibration,
} from './calibration.js';

export interface AdaptationRunOptions {
  /** The classifier's file. */
  readonly model: string;
  readonly recipe: Pick<AdaptationRecipe, 'data' | 'keep'> & Partial<AdaptationRecipe>;
  /** Folders of fields of view with `truth/` in them, of which the calibration is made; none: it is left out. */
  readonly calibrationData: readonly string[];
  /** Of the fields in `calibrationData`. */
  readonly calibrationPixelSizes: PixelSizes;
  /** The adapted classifier; may be the same file. */
  readonly out: string;
}

export interface AdaptationRun extends Omit<AdaptedClassifier, 'onnx'> {
  /** Of the classifier adapted to all fields; null without data for it. */
  readonly judgedCalibration: JudgedCalibration | null;
}

/**
 * Adapts a classifier's file to labelled fields (see `adaptClassifier`), calibrates it, and writes it.
 * @throws what `adaptClassifier` and `scoreForCalibration` throw; InputError `file-*`, `not-writable`
 */
export async function runAdaptation(
  { model, recipe, calibrationData, calibrationPixelSizes, out }: AdaptationRunOptions,
  events: AdaptationEvents = {},
): Promise<AdaptationRun> {
  const runtime = await loadRuntime();
  let judgedCalibration: JudgedCalibration | null = null;
  const { onnx, ...adapted } = await adaptClassifier(
    runtime,
    await readInputFile(model),
    recipe,
    async (onnx) => {
      if (calibrationData.length === 0) return null;
      const classifier = await loadClassifier(runtime, onnx);
      const fields = await scoreForCalibration(classifier, calibrationData, calibrationPixelSizes);
      await classifier.release();
      judgedCalibration = judgeCalibration(fields);
      return calibrationOn(fields);
    },
    events,
  );
  await writeFileAtomic(out, onnx);
  return { ...adapted, judgedCalibration };
}
