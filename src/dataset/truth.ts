import { join } from 'node:path';
import { LOCATIONS } from '../common/index.js';
import type { Segmentation } from '../imaging/index.js';
import { readLabelPng, readTable, type TableRow } from '../io/index.js';

/** What each cell of each field shows: class ids, ascending; null where nobody knows. */
export type TruthLocations = ReadonlyMap<string, ReadonlyMap<number, readonly number[] | null>>;

/**
 * Reads the per-cell truth of a truth folder: `cells.csv` with the columns `field,cell,locations`, class ids joined by
 * `|`, empty = unknown.
 * @throws InputError `file-*` and `table-*` (see `readTable`), `truth-cell`, `truth-unknown`, `truth-duplicate`
 */
export async function readTruthLocations(folder: string): Promise<TruthLocations> {
  const table = await readTable(join(folder, 'cells.csv'), ['field', 'cell', 'locations']);
  const fields = new Map<string, Map<number, readonly number[] | null>>();
  for (const row of table.rows) {
    const field = row.get('field');
    const cell = Number(row.get('cell'));
    if (!Number.isInteger(cell) || cell < 1) {
      throw row.error(
        'truth-cell',
        `cell "${row.get('cell')}" of field ${field}; expected a number from 1 on`,
      );
    }
    const cells = fields.get(field) ?? new Map<number, readonly number[] | null>();
    fields.set(field, cells);
    if (cells.has(cell)) {
      throw row.error(
        'truth-duplicate',
        `cell ${cell} of field ${field} has a second row; expected one a cell`,
      );
    }
    cells.set(cell, parseLocations(row));
  }
  return fields;
}

function parseLocations(row: TableRow): number[] | null {
  const text = row.get('locations').trim();
  if (text === '') return null;
  const ids = text.split('|').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (ids.some((id) => !(id < LOCATIONS.length))) {
    throw row.error(
      'truth-unknown',
      `locations "${text}"; expected class ids 0 to ${LOCATIONS.length - 1} joined by |`,
    );
  }
  return [...new Set(ids)].sort((a, b) => a - b);
}

/**
 * Reads the true outlines of one field from a truth folder: `ID/cells.png` and `ID/nuclei.png`.
 * @throws InputError `file-*`, `image-*`, `label-image` (see `readLabelPng`)
 */
export async function readTruthSegmentation(folder: string, fieldId: string): Promise<Segmentation> {
  return {
    cells: await readLabelPng(join(folder, fieldId, 'cells.png')),
    nuclei: await readLabelPng(join(folder, fieldId, 'nuclei.png')),
  };
}
