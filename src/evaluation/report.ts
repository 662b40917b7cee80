import { LOCATIONS } from '../common/index.js';
import { writeFileAtomic } from '../io/index.js';
import { type Cell, page, section, table } from '../report/index.js';
import {
  type BootstrapInterval,
  type CellGroup,
  confusionOf,
  groupByBorder,
  groupByCrowding,
  groupBySize,
  type LocationEvaluation,
} from '../scoring/index.js';
import type { Evaluation } from './evaluation.js';
import type { HeadlineIntervals } from './intervals.js';
import { comparisonChart, confusionChart, precisionRecallChart, reliabilityChart } from './report-charts.js';
import { bar, percent, signed, three, triple } from './report-figures.js';
import { pictureSections } from './report-pictures.js';

/** What a report is made from. */
export interface EvaluationReport {
  readonly evaluation: Evaluation;
  readonly intervals: HeadlineIntervals | null;
  readonly threshold: number;
  readonly mode: 'strict' | 'oid';
  /** Paths, as they were given. */
  readonly truth: string;
  readonly predictions: string;
  /** Folder of the fields of view, to draw on; without it outlines stand on a plain ground. */
  readonly images?: string;
  readonly comparison: Comparison | null;
}

/** A second model, scored on the same images. */
export interface Comparison {
  readonly evaluation: Evaluation;
  readonly predictions: string;
  /** First minus second. */
  readonly difference: HeadlineIntervals | null;
}

/**
 * Writes an evaluation as one HTML page that needs nothing else.
 * @throws InputError `not-writable`, and what is wrong with the images
 */
export async function writeEvaluationReport(path: string, report: EvaluationReport): Promise<void> {
  const { evaluation, comparison, threshold } = report;
  const locations = evaluation.knowsLocations ? evaluation.scores.locations() : null;
  const parts = [
    headline(report, locations),
    ...(comparison === null ? [] : [comparisonSection(report, comparison, locations)]),
    ...(locations === null ? [] : locationSections(evaluation, locations, threshold)),
    groupSection(evaluation, threshold),
    ...(await pictureSections(evaluation, report.images)),
  ];
  await writeFileAtomic(path, page({ title: 'Evaluation', parts }));
}

function headline(
  { evaluation, intervals, threshold, mode, truth, predictions }: EvaluationReport,
  locations: LocationEvaluation | null,
): string {
  const outlines = evaluation.scores.segmentation();
  const withInterval = (value: number, interval: BootstrapInterval | null | undefined) =>
    `${three(value)}${interval ? ` (${three(interval.low)} to ${three(interval.high)})` : ''}`;
  const located: [string, string][] =
    locations === null
      ? []
      : [
          [`mAP, the competition's rules (${mode}), IoU 0.6`, withInterval(locations.mAP, intervals?.mAP)],
          ['the same over IoU 0.5, 0.55 ... 0.95', three(locations.mAP50to95)],
          [
            "COCO's AP over IoU 0.5 to 0.95; at 0.5; at 0.75",
            triple(locations.coco.ap, locations.coco.ap50, locations.coco.ap75),
          ],
          [
            `F1 of the locations of found cells, from a score of ${threshold}: micro; macro`,
            `${three(locations.cells.microF1)}; ${three(locations.cells.macroF1)}`,
          ],
          ['found cells whose locations are all right', percent(locations.cells.exactMatch)],
          [
            `F1 of the locations of whole fields: micro; macro`,
            `${three(locations.images.microF1)}; ${three(locations.images.macroF1)}`,
          ],
        ];
  const rows: [string, string][] = [
    ['truth', truth],
    ['predictions', predictions],
    [
      'fields; true cells; predicted cells',
      `${outlines.images}; ${outlines.truthCells}; ${outlines.predictedCells}`,
    ],
    [
      'fields without prediction; predicted fields without truth',
      `${evaluation.missing.length}; ${evaluation.unknown.length}`,
    ],
    ...located,
    ['outlines: AP at IoU 0.5; 0.6; 0.75', triple(outlines.ap50, outlines.ap60, outlines.ap75)],
    ['outlines: F1 at IoU 0.6', withInterval(outlines.f1_60, intervals?.f1_60)],
    ['panoptic quality', three(outlines.panopticQuality)],
    ['true cells cut up', percent(outlines.oversegmented)],
    ['predicted cells that run true ones together', percent(outlines.undersegmented)],
  ];
  const note =
    intervals === null
      ? ''
      : ` In brackets: 95 % intervals from ${intervals.f1_60.resamples} resamples of the fields.`;
  return section('Headline', [table(['figure', 'value'], rows)], {
    text: `AP of outlines is TP / (TP + FP + FN).${note}`,
  });
}

function locationSections(
  evaluation: Evaluation,
  locations: LocationEvaluation,
  threshold: number,
): string[] {
  const shown = locations.perLocation.filter(({ ap }) => !Number.isNaN(ap));
  const records = evaluation.scores.images.flatMap((image) => image.records);
  const rows = shown.map(({ classId, ap, ap50to95, truths, detections, best }): Cell[] => [
    LOCATIONS[classId],
    truths,
    detections,
    bar(ap),
    bar(ap50to95),
    best === null ? '' : bar(best.f1),
    best?.threshold,
    best?.precision,
    best?.recall,
  ]);
  const { calibration } = locations;
  return [
    section(
      'Locations',
      [
        table(
          [
            'location',
            'true cells',
            'detections',
            'AP',
            'AP 0.5-0.95',
            'best F1',
            'from score',
            'precision',
            'recall',
          ],
          rows,
          { format: (value) => (Number.isInteger(value) ? `${value}` : value.toFixed(3)) },
        ),
      ],
      { text: 'Precision and recall are those at the score of the best F1, at IoU 0.6.' },
    ),
    section(
      'Precision over recall',
      shown.map((score) => precisionRecallChart(score, evaluation.scores.curve(score.classId))),
      { row: true, text: 'At IoU 0.6. The dot is the point of the best F1.' },
    ),
    section(
      'Calibration',
      calibration === null
        ? []
        : [
            reliabilityChart(calibration),
            table(
              ['scores', 'number', 'mean score', 'share true'],
              calibration.bins.map(({ low, high, count, meanScore, frequency }) => [
                `${low.toFixed(1)} to ${high.toFixed(1)}`,
                count,
                meanScore,
                frequency,
              ]),
            ),
          ],
      {
        row: true,
        text:
          calibration === null
            ? 'Some scores are not in [0, 1]: they are no probabilities.'
            : `All scores of the ${locations.cells.count} cells found. Expected calibration error ${three(calibration.ece)}, ` +
              `Brier score ${three(calibration.brier)}. On the dashed line a score is the share of cells that show the location.`,
      },
    ),
    section('Confusion', [confusionChart(confusionOf(records, threshold, LOCATIONS.length))], {
      text:
        `In percent of the cells found, called from a score of ${threshold} on. On the diagonal a location is called rightly; ` +
        'beside it only cells count that do not show what is called. A cell may show and be called several.',
    }),
  ];
}

function comparisonSection(
  { evaluation, predictions }: EvaluationReport,
  { evaluation: other, predictions: second, difference }: Comparison,
  locations: LocationEvaluation | null,
): string {
  const figures: Cell[][] = [];
  const add = (name: string, a: number, b: number, interval: BootstrapInterval | null | undefined) =>
    figures.push([
      name,
      three(a),
      three(b),
      signed(a - b),
      interval ? `${signed(interval.low)} to ${signed(interval.high)}` : '',
    ]);
  const theirs = other.knowsLocations ? other.scores.locations() : null;
  if (locations !== null && theirs !== null) add('mAP', locations.mAP, theirs.mAP, difference?.mAP);
  add(
    'F1 of the outlines at IoU 0.6',
    evaluation.scores.segmentation().f1_60,
    other.scores.segmentation().f1_60,
    difference?.f1_60,
  );
  const rows = (locations?.perLocation ?? [])
    .filter(({ ap }) => !Number.isNaN(ap))
    .map(({ classId, ap }) => ({
      name: LOCATIONS[classId],
      first: ap,
      second: theirs?.perLocation[classId].ap ?? Number.NaN,
    }));
  return section(
    'Comparison',
    [
      table(['figure', 'first', 'second', 'first minus second', '95 % interval'], figures),
      ...(rows.length === 0 ? [] : [comparisonChart(rows)]),
    ],
    {
      text:
        `First: ${predictions}. Second: ${second}. Both are scored on the same resamples of the fields, so what makes a ` +
        'field hard for both cancels out; an interval without 0 speaks for a real difference.',
    },
  );
}

function groupSection({ scores }: Evaluation, threshold: number): string {
  const records = scores.images.flatMap((image) => image.records);
  const groupTable = (what: string, groups: readonly CellGroup[]) =>
    table(
      [what, 'cells', 'found at IoU 0.6', 'mean IoU', 'F1 of locations'],
      groups.map(({ name, cells, found, meanIou, locationF1 }) => [
        name,
        cells,
        bar(found),
        bar(meanIou),
        Number.isNaN(locationF1) ? '' : bar(locationF1),
      ]),
    );
  return section(
    'Size, border, crowding',
    [
      groupTable('size', groupBySize(records, threshold)),
      groupTable('border', groupByBorder(records, threshold)),
      groupTable('crowding', groupByCrowding(records, threshold)),
    ],
    {
      text:
        'True cells in groups: quarters by size; whether the border cuts them; how many boxes of other true cells overlap ' +
        "theirs. A cell that is not found counts 0 in the mean IoU; the locations' F1 is that of found cells.",
    },
  );
}
