import { join } from 'node:path';
import { formatCsvRow, InputError, LOCATIONS } from '../../common/index.js';
import type { Box } from '../../imaging/index.js';
import { type CsvRecord, isFile, readWholeCsvRecords } from '../../io/index.js';
import { listed } from '../labels.js';
import { shardName } from './description.js';

/** What a store knows of a cell besides its pixels. */
export interface CellFacts {
  /** Id of its field of view. */
  readonly field: string;
  /** Its number in the field's label image. */
  readonly cell: number;
  /** Class ids, ascending; empty where nobody knows. */
  readonly locations: readonly number[];
  /** In pixels of the field. */
  readonly box: Box;
  readonly areaUm2: number;
  readonly touchesEdge: boolean;
}

/** One row of `cells.csv`: a cell and where its crop lies. */
export interface StoredCell extends CellFacts {
  readonly shard: number;
  /** From 0. */
  readonly row: number;
  /** CRC-32 of the crop's bytes (that of zlib and PNG). */
  readonly crc32: number;
}

/** One row of `fields.csv`: all crops of this field are in the store. */
export interface StoredField {
  readonly field: string;
  readonly cells: number;
  /** What the field's crops were made from: see `StoreWriter`. */
  readonly fingerprint: string;
}

/** A table of a store, up to its last whole line: a killed writer may have left a piece of another. */
export interface StoreTable<Row> {
  readonly rows: readonly Row[];
  readonly bytes: number;
}

export const CELLS_FILE = 'cells.csv';
export const FIELDS_FILE = 'fields.csv';

const CELL_COLUMNS = [
  ...['shard', 'row', 'crc32', 'field', 'cell', 'locations'],
  ...['x', 'y', 'width', 'height', 'area_um2', 'touches_edge'],
];
const FIELD_COLUMNS = ['field', 'cells', 'fingerprint'];
export const CELLS_HEADER = formatCsvRow(CELL_COLUMNS);
export const FIELDS_HEADER = formatCsvRow(FIELD_COLUMNS);

export function formatCell({ shard, row, crc32, ...facts }: StoredCell): string {
  const { field, cell, locations, box, areaUm2, touchesEdge } = facts;
  return formatCsvRow([
    ...[shard, row, crc32, field, cell, locations.join('|')],
    ...[box.x, box.y, box.width, box.height, areaUm2, touchesEdge ? 1 : 0],
  ]);
}

export function formatField({ field, cells, fingerprint }: StoredField): string {
  return formatCsvRow([field, cells, fingerprint]);
}

/**
 * Reads `cells.csv`.
 * @throws InputError `store-damaged` where it is missing, `store-row` naming the line, `store-duplicate` where two rows are
 *   of one cell or of one crop
 */
export async function readCells(folder: string, cropsPerShard: number): Promise<StoreTable<StoredCell>> {
  const path = join(folder, CELLS_FILE);
  // The table is made before the first shard: without it crops were lost, not yet to come.
  if (!(await isFile(path)) && (await isFile(join(folder, shardName(0))))) {
    throw new InputError('store-damaged', `${path}: is missing; copy the store again or make it anew`);
  }
  // One copy of what many rows share: a store has hundreds of thousands of rows.
  const fields = new Map<string, string>();
  const labels = new Map<string, readonly number[]>();
  const table = await readStoreTable(path, CELL_COLUMNS, (text) => {
    const [shard, row, crc32, cell, x, y, width, height] = [0, 1, 2, 4, 6, 7, 8, 9].map((i) =>
      wholeNumber(text[i]),
    );
    const areaUm2 = Number(text[10]);
    const locations = labels.get(text[5]) ?? parseLocations(text[5]);
    labels.set(text[5], locations);
    const field = fields.get(text[3]) ?? text[3];
    fields.set(field, field);
    if (row >= cropsPerShard) throw new RangeError(`row ${row} of a shard of at most ${cropsPerShard}`);
    const box = { x, y, width, height };
    const touchesEdge = text[11] === '1';
    // Named one by one: an object put together by spreading takes three times the memory.
    return { shard, row, crc32, field, cell, locations, box, areaUm2, touchesEdge };
  });
  checkUnique(path, table.rows, 'cells', ({ field, cell }) => `cell ${cell} of field ${field}`);
  checkUnique(path, table.rows, 'crops', ({ shard, row }) => `row ${row} of shard ${shard}`);
  return table;
}

/**
 * Reads `fields.csv`.
 * @throws InputError `store-row` naming the line, `store-duplicate`
 */
export async function readFields(folder: string): Promise<StoreTable<StoredField>> {
  const path = join(folder, FIELDS_FILE);
  const table = await readStoreTable(path, FIELD_COLUMNS, ([field, cells, fingerprint]) => ({
    ...{ field, cells: wholeNumber(cells), fingerprint },
  }));
  checkUnique(path, table.rows, 'fields', ({ field }) => field);
  return table;
}

async function readStoreTable<Row>(
  path: string,
  columns: readonly string[],
  parse: (fields: readonly string[]) => Row,
): Promise<StoreTable<Row>> {
  const rows: Row[] = [];
  if (!(await isFile(path))) return { rows, bytes: 0 };
  let header: CsvRecord | null = null;
  const bytes = await readWholeCsvRecords(path, (record) => {
    if (header === null) {
      header = record;
      const found = record.fields.join(',');
      if (found === columns.join(',')) return;
      throw rowError(path, record, `the header is "${found}", expected "${columns.join(',')}"`);
    }
    if (record.fields.length !== columns.length) {
      throw rowError(path, record, `${record.fields.length} fields, expected ${columns.length}`);
    }
    try {
      rows.push(parse(record.fields));
    } catch (cause) {
      if (cause instanceof RangeError) throw rowError(path, record, cause.message);
      throw cause;
    }
  });
  return { rows, bytes };
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`"${text}" is no whole number from 0 on`);
}

function parseLocations(text: string): number[] {
  const ids = text === '' ? [] : text.split('|').map(wholeNumber);
  const unknown = ids.find((id) => id >= LOCATIONS.length);
  if (unknown === undefined) return ids;
  throw new RangeError(
    `unknown class ${unknown}; expected class ids 0 to ${LOCATIONS.length - 1} joined by |`,
  );
}

function rowError(path: string, { line }: CsvRecord, message: string): InputError {
  return new InputError(
    'store-row',
    `${path}, line ${line}: ${message}; the table is damaged, copy the store again or make it anew`,
  );
}

function checkUnique<Row>(
  path: string,
  rows: readonly Row[],
  what: string,
  nameOf: (row: Row) => string,
): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const row of rows) {
    const name = nameOf(row);
    if (seen.has(name)) twice.add(name);
    else seen.add(name);
  }
  if (twice.size === 0) return;
  throw new InputError(
    'store-duplicate',
    `${path}: ${twice.size} of the ${what} stand in more than one row: ${listed([...twice])}; ` +
      'remove the rows that are too many, or make the store anew',
  );
}
