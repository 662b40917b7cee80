import { LOCATIONS, NEGATIVE } from '../common/index.js';
import type { CellPrediction } from './prediction.js';

/** How differently the cells of one field behave. */
export interface Variation {
  /** Standard deviation of the cells' protein over its mean; NaN with fewer than two cells, or without any protein. */
  readonly intensityCv: number;
  /** Scored cells in which each location reaches the threshold, by class id. */
  readonly cellsAt: readonly number[];
  /** Cells that have scores. */
  readonly scored: number;
  /**
   * 4 p (1 - p) of the location where it is greatest, p the share of the cells that show it: 0 where all cells agree, 1 where half of
   * them show what the other half does not. NaN with fewer than two scored cells.
   */
  readonly placeVariation: number;
  /** Class id of that location; null where all cells agree. */
  readonly variedLocation: number | null;
}

/** Coefficients of variation from which the words change; ours. */
const VARIED_CV = 0.3;
const STRONGLY_VARIED_CV = 0.6;

/** Variation between the cells of a field: in how much protein they hold, and in where it is. */
export function measureVariation(cells: readonly CellPrediction[], threshold: number): Variation {
  const scored = cells.flatMap(({ scores }) => (scores === null ? [] : [scores]));
  const cellsAt = LOCATIONS.map((_, id) => scored.filter((scores) => scores[id] >= threshold).length);
  const variations = cellsAt.map((count) => (4 * count * (scored.length - count)) / scored.length ** 2);
  const varied = variations.reduce((best, value, id) => (value > variations[best] ? id : best), 0);
  return {
    intensityCv: coefficientOfVariation(cells.map(({ proteinMean }) => proteinMean)),
    cellsAt,
    scored: scored.length,
    placeVariation: scored.length < 2 ? Number.NaN : variations[varied],
    variedLocation: variations[varied] > 0 ? varied : null,
  };
}

function coefficientOfVariation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return mean > 0 ? Math.sqrt(variance) / mean : Number.NaN;
}

/** The variation in plain words, such as `intensity varies (CV 0.41); Nucleoli in 6 of 13 cells`. */
export function describeVariation(variation: Variation): string {
  const parts: string[] = [];
  const { intensityCv, placeVariation, variedLocation, cellsAt, scored } = variation;
  if (!Number.isNaN(intensityCv)) {
    const words =
      intensityCv < VARIED_CV
        ? 'intensity alike'
        : intensityCv < STRONGLY_VARIED_CV
          ? 'intensity varies'
          : 'intensity varies strongly';
    parts.push(`${words} (CV ${intensityCv.toFixed(2)})`);
  }
  if (!Number.isNaN(placeVariation)) {
    parts.push(
      variedLocation === null
        ? 'places alike'
        : `${variedLocation === NEGATIVE ? 'no protein' : LOCATIONS[variedLocation]} in ${cellsAt[variedLocation]} of ${scored} cells`,
    );
  }
  return parts.join('; ');
}
