import { open } from 'node:fs/promises';
import { formatCsvRow, InputError } from '../common/index.js';
import { parseCsv } from './csv.js';
import { readInputFile, writeError, writeFileAtomic } from './file.js';
import { readTextIfThere } from './presence.js';

/** One row of a table. */
export interface TableRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  /** The value of a column; a column that the table does not have is a mistake of the caller and throws RangeError. */
  get(column: string): string;
  /** An InputError whose message begins with the file and the line. */
  error(code: string, message: string): InputError;
}

/** A CSV file with a header. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/**
 * Reads a CSV file with a header (RFC 4180, UTF-8, with or without byte order mark). Columns may stand in any order.
 * @throws InputError `file-*` (see readInputFile), `table-syntax`, `table-columns` for a required column that is
 *   missing or a column that is there twice, `table-row` for a row with too few or too many fields
 */
export async function readTable(path: string, requiredColumns: readonly string[] = []): Promise<Table> {
  const { records, openQuote } = parseCsv(decodeUtf8(path, await readInputFile(path)));
  const last = records[records.length - 1];
  if (openQuote) throw tableError(path, last.line, 'table-syntax', 'a quoted field is not closed');
  const [header, ...body] = records;
  if (header === undefined) {
    throw new InputError(
      'table-columns',
      `${path}: no header; expected the columns ${requiredColumns.join(',')}`,
    );
  }
  const columns = header.fields.map((name) => name.trim());
  checkColumns(path, columns, requiredColumns);
  const indexOf = new Map(columns.map((name, index) => [name, index]));
  const rows = body.map(({ line, fields }): TableRow => {
    if (fields.length !== columns.length) {
      throw tableError(
        path,
        line,
        'table-row',
        `${fields.length} fields, but the header has ${columns.length}`,
      );
    }
    return {
      line,
      get(column) {
        const index = indexOf.get(column);
        if (index === undefined) throw new RangeError(`${path} has no column ${column}`);
        return fields[index];
      },
      error: (code, message) => tableError(path, line, code, message),
    };
  });
  return { file: path, columns, rows };
}

/**
 * Writes a CSV file with a header in one piece (see writeFileAtomic).
 * @throws InputError `not-writable`
 */
export async function writeTable(
  path: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const lines = [formatCsvRow(columns)];
  for (const row of rows) lines.push(formatCsvRow(row));
  await writeFileAtomic(path, lines.join(''));
}

/**
 * Adds rows to a CSV file, which is made with its header when it is missing. A last line that a killed run left
 * unfinished is removed first, so the rows of one call are there whole or not counted.
 * @throws InputError `table-columns` where the file has another header, `not-writable`
 */
export async function appendTable(
  path: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const added = Array.from(rows, formatCsvRow).join('');
  const old = await readTextIfThere(path);
  const { records, completeLength } = parseCsv(old ?? '');
  if (old === null || records.length === 0 || completeLength === 0) {
    await writeFileAtomic(path, formatCsvRow(columns) + added);
    return;
  }
  const found = records[0].fields.join(',');
  if (found !== columns.join(',')) {
    throw new InputError(
      'table-columns',
      `${path}: has the columns ${found}, expected ${columns.join(',')}; move the file or choose another output folder`,
    );
  }
  try {
    const file = await open(path, 'r+');
    try {
      const end = Buffer.byteLength(old.slice(0, completeLength));
      await file.truncate(end);
      await file.write(added, end);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function checkColumns(path: string, columns: string[], required: readonly string[]): void {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new InputError(
      'table-columns',
      `${path}: no column ${missing.join(', ')}; the header has ${columns.join(', ')}, expected ${required.join(', ')}`,
    );
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InputError('table-columns', `${path}: the column ${twice} is there twice`);
}

function decodeUtf8(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError('table-syntax', `${path}: is not UTF-8 text; expected a CSV file`, { cause });
  }
}

function tableError(path: string, line: number, code: string, message: string): InputError {
  return new InputError(code, `${path}, line ${line}: ${message}`);
}
