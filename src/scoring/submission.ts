import { InputError, LOCATIONS } from '../common/index.js';
import { decodeSubmissionMask, encodeSubmissionMask, type Rle } from '../masks/index.js';
import type { Detection } from './scored-image.js';

/** The columns of the 2021 competition's submission file. */
export const SUBMISSION_COLUMNS = ['ID', 'ImageWidth', 'ImageHeight', 'PredictionString'] as const;

/** One cell of an image for the submission file. */
export interface SubmissionCell {
  /** At the image's original resolution. */
  readonly mask: Rle;
  /** One score a class, by class id. */
  readonly scores: ArrayLike<number>;
}

export interface SubmissionOptions {
  /** Scores below this are not written. The metric gains from low scores: leave them in. @default 0 */
  readonly minScore?: number;
  /** @default 6 */
  readonly decimals?: number;
}

/**
 * The fields of one image's row, by `SUBMISSION_COLUMNS`: for each cell and class the triple `class confidence mask`,
 * cells in their order, classes ascending. An image without a cell gets what the competition's own sample file has for
 * it: class 0 with an empty mask, which the metric drops; the competition refuses an empty string.
 * @throws RangeError for a score that is not in [0, 1] or a mask of another size than the image
 */
export function submissionRow(
  image: { readonly id: string; readonly width: number; readonly height: number },
  cells: Iterable<SubmissionCell>,
  options: SubmissionOptions = {},
): [id: string, width: number, height: number, prediction: string] {
  const { id, width, height } = image;
  const { minScore = 0, decimals = 6 } = options;
  const parts: string[] = [];
  for (const { mask, scores } of cells) {
    if (mask.width !== width || mask.height !== height) {
      throw new RangeError(
        `submission of ${id}: mask is ${mask.width}x${mask.height}, image ${width}x${height}`,
      );
    }
    const text = encodeSubmissionMask(mask);
    for (let classId = 0; classId < scores.length; classId++) {
      const score = scores[classId];
      if (!(score >= 0 && score <= 1))
        throw new RangeError(`submission of ${id}: score ${score} is not in [0, 1]`);
      if (score >= minScore) parts.push(`${classId} ${score.toFixed(decimals)} ${text}`);
    }
  }
  if (parts.length === 0) {
    parts.push(`0 1 ${encodeSubmissionMask({ width, height, counts: Uint32Array.of(width * height) })}`);
  }
  return [id, width, height, parts.join(' ')];
}

/** An image's detections as read from a submission file; `instance` of a detection is an index into `masks`. */
export interface SubmissionPrediction {
  readonly masks: Rle[];
  readonly detections: Detection[];
}

/**
 * Understands one PredictionString. A mask that is repeated for several classes is decoded once.
 * @throws InputError `submission-triple`, `submission-class`, `submission-confidence`, `mask-*` (see
 *   decodeSubmissionMask); the message counts the triples from 1
 */
export function parsePredictionString(
  text: string,
  width: number,
  height: number,
  classes: number = LOCATIONS.length,
): SubmissionPrediction {
  return readTriples(text, width, height, classes, (problem) => {
    throw problem;
  });
}

/** As parsePredictionString, but hands each problem to `report` and goes on with the next triple. */
export function readTriples(
  text: string,
  width: number,
  height: number,
  classes: number,
  report: (problem: InputError) => void,
): SubmissionPrediction {
  const masks: Rle[] = [];
  const instances = new Map<string, number | null>();
  const detections: Detection[] = [];
  const words = text
    .trim()
    .split(' ')
    .filter((word) => word !== '');
  if (words.length % 3 !== 0) {
    const found = `${words.length} words in PredictionString`;
    report(new InputError('submission-triple', `${found}; expected triples "class confidence mask"`));
  }
  let instance: number | null = null;
  for (let at = 0; at + 2 < words.length; at += 3) {
    const triple = () => `triple ${at / 3 + 1}`;
    const classText = words[at];
    const scoreText = words[at + 1];
    const maskText = words[at + 2];
    const classId = Number(classText);
    const score = Number(scoreText);
    // Most files give a mask's classes one after the other: comparing takes less time than looking up.
    if (at === 0 || maskText !== words[at - 1]) {
      const known = instances.get(maskText);
      if (known === undefined) {
        const mask = decodeInTriple(triple, maskText, width, height, report);
        instance = mask === null ? null : masks.push(mask) - 1;
        instances.set(maskText, instance);
      } else instance = known;
    }
    if (!/^\d+$/.test(classText) || classId >= classes) {
      report(
        new InputError('submission-class', `${triple()}: class "${classText}", expected 0 to ${classes - 1}`),
      );
    } else if (!Number.isFinite(score)) {
      report(
        new InputError(
          'submission-confidence',
          `${triple()}: confidence "${scoreText}", expected a number in [0, 1]`,
        ),
      );
    } else if (instance !== null) {
      detections.push({ instance, classId, score });
    }
  }
  return { masks, detections };
}

function decodeInTriple(
  triple: () => string,
  text: string,
  width: number,
  height: number,
  report: (problem: InputError) => void,
): Rle | null {
  try {
    return decodeSubmissionMask(text, width, height);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    report(new InputError(error.code, `${triple()}: ${error.message}`, { cause: error }));
    return null;
  }
}
