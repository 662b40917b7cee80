import { LOCATIONS } from '../common/index.js';
import type { CellPrediction } from './prediction.js';
import type { FieldScores } from './summary.js';
import { describeVariation, type Variation } from './variation.js';
import { type CellVerdict, judgeCell } from './verdict.js';

/** Columns of `cells.csv`, without the locations and what follows from them where cells were only segmented. */
export function cellColumns(scored: boolean): string[] {
  const measures = [
    'field',
    'cell',
    'x',
    'y',
    'width',
    'height',
    'area_um2',
    'touches_edge',
    'nucleus_area_um2',
  ];
  const verdict = ['verdict', 'top', 'top_score', 'runner_up', 'runner_up_score'];
  return scored ? [...measures, ...LOCATIONS, 'protein_mean', ...verdict] : [...measures, 'protein_mean'];
}

/**
 * A cell's row in `cells.csv`: areas in um^2 to one decimal, `touches_edge` 0 or 1, scores and the protein's mean to four
 * decimals.
 * @param threshold see `judgeCell`
 */
export function cellRow(field: string, prediction: CellPrediction, threshold: number): string[] {
  const { cell, box, areaUm2, touchesEdge, nucleusAreaUm2, scores, proteinMean } = prediction;
  return [
    field,
    `${cell}`,
    `${box.x}`,
    `${box.y}`,
    `${box.width}`,
    `${box.height}`,
    areaUm2.toFixed(1),
    touchesEdge ? '1' : '0',
    nucleusAreaUm2.toFixed(1),
    ...formatScores(scores ?? []),
    proteinMean.toFixed(4),
    ...(scores === null ? [] : formatVerdict(judgeCell(scores, threshold))),
  ];
}

function formatVerdict({ verdict, top, runnerUp }: CellVerdict): string[] {
  return [
    verdict,
    ...[top, runnerUp].flatMap(({ location, score }) => [LOCATIONS[location], score.toFixed(4)]),
  ];
}

/** What stands of a field in `fields.csv` besides its scores. */
export interface FieldSummary {
  readonly field: string;
  readonly width: number;
  readonly height: number;
  readonly pixelSizeUm: number;
  /** Where the pixel size comes from. */
  readonly pixelSizeSource: string;
  readonly cells: number;
  /** null where the field was only segmented. */
  readonly scores: FieldScores | null;
  readonly variation: Variation;
  readonly seconds: number;
}

/**
 * Columns of `fields.csv`; `variation LOCATION` is the standard deviation of the cells' scores, the others are those of
 * `Variation`, and `variation` says them in words.
 */
export function fieldColumns(scored: boolean): string[] {
  const facts = ['field', 'width', 'height', 'pixel_size_um', 'pixel_size_source', 'cells', 'seconds'];
  if (!scored) return [...facts, 'intensity_cv', 'variation'];
  const scores = [...LOCATIONS, ...LOCATIONS.map((name) => `variation ${name}`)];
  return [...facts, ...scores, 'intensity_cv', 'place_variation', 'variation'];
}

/** A field's row in `fields.csv`. */
export function fieldRow(summary: FieldSummary): string[] {
  const { field, width, height, pixelSizeUm, pixelSizeSource, cells, scores, seconds, variation } = summary;
  return [
    field,
    `${width}`,
    `${height}`,
    `${Number(pixelSizeUm.toPrecision(6))}`,
    pixelSizeSource,
    `${cells}`,
    seconds.toFixed(2),
    ...(scores === null ? [] : [...formatScores(scores.mean), ...formatScores(scores.deviation)]),
    formatNumber(variation.intensityCv),
    ...(scores === null ? [] : [formatNumber(variation.placeVariation)]),
    describeVariation(variation),
  ];
}

/** Empty where there is no number. */
function formatNumber(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(4);
}

function formatScores(scores: Iterable<number>): string[] {
  return Array.from(scores, (score) => score.toFixed(4));
}
