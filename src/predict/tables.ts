import { LOCATIONS } from '../common/index.js';
import type { CellPrediction } from './prediction.js';
import type { FieldScores } from './summary.js';

/** Columns of `cells.csv`, without the locations where cells were only segmented. */
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
  return scored ? [...measures, ...LOCATIONS] : measures;
}

/** A cell's row in `cells.csv`: areas in um^2 to one decimal, `touches_edge` 0 or 1, scores to four decimals. */
export function cellRow(field: string, prediction: CellPrediction): string[] {
  const { cell, box, areaUm2, touchesEdge, nucleusAreaUm2, scores } = prediction;
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
  readonly seconds: number;
}

/** Columns of `fields.csv`; `variation ...` is the standard deviation between the field's cells. */
export function fieldColumns(scored: boolean): string[] {
  const facts = ['field', 'width', 'height', 'pixel_size_um', 'pixel_size_source', 'cells', 'seconds'];
  return scored ? [...facts, ...LOCATIONS, ...LOCATIONS.map((name) => `variation ${name}`)] : facts;
}

/** A field's row in `fields.csv`. */
export function fieldRow(summary: FieldSummary): string[] {
  const { field, width, height, pixelSizeUm, pixelSizeSource, cells, scores, seconds } = summary;
  return [
    field,
    `${width}`,
    `${height}`,
    `${Number(pixelSizeUm.toPrecision(6))}`,
    pixelSizeSource,
    `${cells}`,
    seconds.toFixed(2),
    ...(scores === null ? [] : [...formatScores(scores.mean), ...formatScores(scores.deviation)]),
  ];
}

function formatScores(scores: Iterable<number>): string[] {
  return Array.from(scores, (score) => score.toFixed(4));
}
