import { InputError } from '../common/index.js';
import type { ImagePrediction } from '../scoring/index.js';
import { formatOf } from './format.js';
import { readCocoPredictions, readCocoResultPredictions } from './predictions-coco.js';
import { readPredictionFolder } from './predictions-folder.js';
import { readSubmissionRows } from './submission-rows.js';
import type { TruthSource } from './truth.js';

/** The prediction of one image, read when it is asked for: images that the truth does not have need not be. */
export interface PredictedImage {
  readonly id: string;
  /**
   * @param size of the true image, for predictions that do not say their own
   * @throws InputError whatever is wrong with the prediction
   */
  read(size: ImageSize): Promise<SizedPrediction>;
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A prediction with the size that it has itself. */
export interface SizedPrediction extends ImagePrediction, ImageSize {}

/**
 * Predictions image by image: a folder written by `predict`, COCO results or a COCO data set with scores, or a
 * submission file, read as a stream.
 * @throws InputError `evaluation-format`, `prediction-duplicate`, and whatever is wrong with the files
 */
export async function* readPredictions(path: string, truth: TruthSource): AsyncGenerator<PredictedImage> {
  const seen = new Set<string>();
  for await (const image of predictionsOf(path, truth)) {
    if (seen.has(image.id)) {
      throw new InputError(
        'prediction-duplicate',
        `${path}: image ${image.id} is predicted twice; expected each image once`,
      );
    }
    seen.add(image.id);
    yield image;
  }
}

async function* predictionsOf(path: string, truth: TruthSource): AsyncGenerator<PredictedImage> {
  switch (await formatOf(path)) {
    case 'folder':
      yield* readPredictionFolder(path, truth.knowsLocations);
      break;
    case 'coco':
      yield* readCocoPredictions(path);
      break;
    case 'coco-results':
      yield* readCocoResultPredictions(path, truth);
      break;
    case 'submission':
      for await (const { id, width, height, parse } of readSubmissionRows(path)) {
        yield { id, read: async () => ({ width, height, ...parse() }) };
      }
      break;
    case 'labels':
      throw new InputError(
        'evaluation-format',
        `${path}: holds labels of whole images, but ${truth.path} holds cells; the predictions must be of cells too`,
      );
  }
}
