import { LOCATIONS } from '../common/index.js';
import type {
  BootstrapInterval,
  LocationEvaluation,
  LocationScore,
  MultilabelScores,
} from '../scoring/index.js';
import type { Evaluation } from './evaluation.js';
import type { LabelEvaluation } from './image-labels.js';
import type { HeadlineIntervals } from './intervals.js';

/** A figure as JSON has it: null where there is nothing to score. */
type Figure = number | null;

/**
 * An evaluation as `evaluate --json` prints it. `mAP`, `perLocation`, `segmentation` (its AP and F1), `images` and
 * `cells` are the contract; without known locations the keys that need them are absent.
 */
export function evaluationJson(
  evaluation: Evaluation,
  intervals: HeadlineIntervals | null,
  threshold: number,
) {
  const { scores, knowsLocations } = evaluation;
  const { images, truthCells, predictedCells, ...segmentation } = scores.segmentation();
  return {
    ...(knowsLocations ? locationsJson(scores.locations(), threshold) : {}),
    segmentation: figures(segmentation),
    images,
    cells: truthCells,
    predictedCells,
    missing: evaluation.missing.length,
    unknown: evaluation.unknown.length,
    ...(intervals === null ? {} : { intervals: intervalsJson(intervals) }),
  };
}

function locationsJson(locations: LocationEvaluation, threshold: number) {
  const { mAP, mAP50to95, perLocation, coco, cells, images, calibration } = locations;
  const named = <T>(value: (score: LocationScore) => T): Record<string, T> =>
    Object.fromEntries(perLocation.map((score) => [LOCATIONS[score.classId], value(score)]));
  return {
    mAP: figure(mAP),
    perLocation: named(({ ap }) => figure(ap)),
    mAP50to95: figure(mAP50to95),
    locations: named(({ ap, ap50to95, truths, detections, best }) => ({
      ap: figure(ap),
      ap50to95: figure(ap50to95),
      truths,
      detections,
      best: best && figures({ ...best }),
    })),
    coco: figures({ ap: coco.ap, ap50: coco.ap50, ap75: coco.ap75 }),
    threshold,
    foundCells: { count: cells.count, ...multilabelJson(cells) },
    imageLabels: { count: images.count, ...multilabelJson(images) },
    calibration: calibration && figures({ ece: calibration.ece, brier: calibration.brier }),
  };
}

function multilabelJson({ microF1, macroF1, exactMatch }: MultilabelScores) {
  return figures({ microF1, macroF1, exactMatch });
}

export function intervalsJson({ mAP, f1_60 }: HeadlineIntervals) {
  return { ...(mAP === null ? {} : { mAP: intervalJson(mAP) }), f1_60: intervalJson(f1_60) };
}

function intervalJson({ estimate, low, high, resamples }: BootstrapInterval) {
  return { ...figures({ estimate, low, high }), resamples };
}

/** An evaluation of image labels as `evaluate --json` prints it. */
export function labelEvaluationJson({ classes, scores, images, missing, unknown }: LabelEvaluation) {
  return {
    classes: classes.length,
    ...multilabelJson(scores),
    perClass: Object.fromEntries(
      scores.perClass.map(({ tp, fp, fn, f1 }, id) => [classes[id], { tp, fp, fn, f1: figure(f1) }]),
    ),
    images,
    missing: missing.length,
    unknown: unknown.length,
  };
}

function figure(value: number): Figure {
  return Number.isFinite(value) ? value : null;
}

function figures<K extends string>(values: Readonly<Record<K, number>>): Record<K, Figure> {
  return Object.fromEntries(
    Object.entries<number>(values).map(([name, value]) => [name, figure(value)]),
  ) as Record<K, Figure>;
}
