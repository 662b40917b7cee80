import { LOCATIONS } from '../common/index.js';
import type { Evaluation, HeadlineIntervals, LabelEvaluation } from '../evaluation/index.js';
import type { BootstrapInterval, SubmissionProblem } from '../scoring/index.js';
import { formatTable } from './output.js';

/** An evaluation as lines for people. */
export function describeEvaluation({ scores, knowsLocations }: Evaluation, threshold: number): string[] {
  const outlines = scores.segmentation();
  const { images, truthCells, predictedCells } = outlines;
  const lines = [
    `${images} fields, ${truthCells} true cells, ${predictedCells} predicted`,
    `segmentation: AP ${three(outlines.ap50)} at IoU 0.5, ${three(outlines.ap60)} at 0.6, ${three(outlines.ap75)} at 0.75; ` +
      `F1 ${three(outlines.f1_50)} at 0.5, ${three(outlines.f1_75)} at 0.75`,
    `              panoptic quality ${three(outlines.panopticQuality)}; ${percent(outlines.oversegmented)} of the true cells ` +
      `cut up, ${percent(outlines.undersegmented)} of the predicted ones run together`,
  ];
  if (!knowsLocations) return [...lines, 'no locations in the truth: only outlines are scored'];
  const { mAP, mAP50to95, perLocation, coco, cells, images: labels, calibration } = scores.locations();
  const scored = perLocation.filter(({ ap }) => !Number.isNaN(ap));
  const rows = scored.map(({ classId, ap, ap50to95, truths, best }) => [
    LOCATIONS[classId],
    `${truths}`,
    three(ap),
    three(ap50to95),
    best === null ? '' : three(best.f1),
    best === null ? '' : three(best.threshold),
  ]);
  return [
    ...lines,
    `locations of the ${cells.count} cells found, called from a score of ${threshold} on: F1 ${three(cells.microF1)} micro, ` +
      `${three(cells.macroF1)} macro; all right ${percent(cells.exactMatch)}`,
    `locations of ${labels.count} whole fields: F1 ${three(labels.microF1)} micro, ${three(labels.macroF1)} macro`,
    calibration === null
      ? 'calibration: none, as some scores are not in [0, 1]'
      : `calibration of the scores: ECE ${three(calibration.ece)}, Brier ${three(calibration.brier)}`,
    `COCO's AP: ${three(coco.ap)} over IoU 0.5 to 0.95, ${three(coco.ap50)} at 0.5, ${three(coco.ap75)} at 0.75`,
    `mAP over ${rows.length} locations (competition's metric, IoU 0.6): ${three(mAP)}; over IoU 0.5 to 0.95: ${three(mAP50to95)}`,
    ...formatTable(['location', 'cells', 'AP', 'AP 0.5-0.95', 'best F1', 'from score'], rows, [
      false,
      true,
      true,
      true,
      true,
      true,
    ]),
  ];
}

/** Intervals of the headline's figures. */
export function describeIntervals({ mAP, f1_60 }: HeadlineIntervals): string[] {
  const { resamples } = f1_60;
  return [
    `95 % intervals (${resamples} resamples of the fields): ` +
      [mAP && `mAP ${rangeOf(mAP)}`, `segmentation F1 at IoU 0.6 ${rangeOf(f1_60)}`]
        .filter(Boolean)
        .join(', '),
  ];
}

/** The difference of two models, first minus second. */
export function describeDifference({ mAP, f1_60 }: HeadlineIntervals): string[] {
  const line = (name: string, interval: BootstrapInterval) =>
    `${name}: ${signed(interval.estimate)}, 95 % interval ${signed(interval.low)} to ${signed(interval.high)}: ` +
    (interval.low > 0
      ? 'the first is better'
      : interval.high < 0
        ? 'the second is better'
        : 'no difference is shown');
  return [
    'difference, first minus second, on the same resamples of the fields:',
    ...(mAP === null ? [] : [`  ${line('mAP', mAP)}`]),
    `  ${line('segmentation F1 at IoU 0.6', f1_60)}`,
  ];
}

/** An evaluation of image labels as lines for people. */
export function describeLabels({ classes, scores, images }: LabelEvaluation): string[] {
  const rows = scores.perClass.map(({ tp, fp, fn, f1 }, id) => [
    classes[id],
    `${tp + fn}`,
    `${tp + fp}`,
    `${tp}`,
    Number.isNaN(f1) ? '' : three(f1),
  ]);
  return [
    `${images} images, ${classes.length} classes`,
    `F1 ${three(scores.macroF1)} macro, ${three(scores.microF1)} micro; all right ${percent(scores.exactMatch)}`,
    ...formatTable(['class', 'true', 'predicted', 'right', 'F1'], rows, [false, true, true, true, true]),
  ];
}

export function describeProblem({ line, severity, code, message }: SubmissionProblem): string {
  return `line ${line}: ${severity} ${code}: ${message}`;
}

function rangeOf({ low, high }: BootstrapInterval): string {
  return `${three(low)} to ${three(high)}`;
}

function three(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${three(value)}`;
}

function percent(value: number): string {
  return Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`;
}
