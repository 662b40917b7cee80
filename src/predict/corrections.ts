import { formatCsvRow } from '../common/index.js';
import type { CellPrediction } from './prediction.js';
import { callLocations } from './summary.js';

/** What a person says of a cell: its true locations (class ids), or that it is no cell. */
export type Correction = { readonly locations: readonly number[] } | { readonly deleted: true };
/** By cell number. */
export type Corrections = Readonly<Record<string, Correction>>;

/**
 * Locations of every cell as they stand after correction: a person's where there are some, else those that reach the
 * threshold; cells that are none are left out.
 */
export function correctedLocations(
  cells: readonly CellPrediction[],
  corrections: Corrections,
  threshold: number,
): Map<number, readonly number[]> {
  const locations = new Map<number, readonly number[]>();
  for (const { cell, scores } of cells) {
    const correction = corrections[cell];
    if (correction !== undefined && 'deleted' in correction) continue;
    locations.set(cell, correction?.locations ?? (scores === null ? [] : callLocations(scores, threshold)));
  }
  return locations;
}

/** A `train.csv` (`ID,Label`) of the field, as `train classifier` takes it: all locations that any of its cells has. */
export function trainCsv(field: string, locations: ReadonlyMap<number, readonly number[]>): string {
  const all = [...new Set([...locations.values()].flat())].sort((a, b) => a - b);
  return formatCsvRow(['ID', 'Label']) + formatCsvRow([field, all.join('|')]);
}

/** A `truth/cells.csv` (`field,cell,locations`) of the field's cells. */
export function truthCsv(field: string, locations: ReadonlyMap<number, readonly number[]>): string {
  const rows = [...locations].map(([cell, ids]) =>
    formatCsvRow([field, cell, [...ids].sort((a, b) => a - b).join('|')]),
  );
  return formatCsvRow(['field', 'cell', 'locations']) + rows.join('');
}
