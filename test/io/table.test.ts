import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatCsvRow } from '../../src/common/index.js';
import { appendTable, parseCsv, readTable, writeTable } from '../../src/io/index.js';
import { temporaryFolder } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

describe('CSV text', () => {
  test('quotes hold commas, quotes and line breaks; lines are those of the file', () => {
    const { records } = parseCsv('\ufeffa,"b, ""c""\r\nd",e\r\n\r\n1,,\n"",x"y,3');
    expect(records).toEqual([
      { line: 1, fields: ['a', 'b, "c"\r\nd', 'e'] },
      { line: 4, fields: ['1', '', ''] },
      { line: 5, fields: ['', 'x"y', '3'] },
    ]);
  });

  test('says where the last whole record ends', () => {
    expect(parseCsv('a,b\n1,2').completeLength).toBe(4);
    expect(parseCsv('a,b\n1,2\n').completeLength).toBe(8);
    expect(parseCsv('a,b\n1,"2\n3')).toMatchObject({ completeLength: 4, openQuote: true });
  });

  test('what is written reads back the same', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        expect(parseCsv(rows.map(formatCsvRow).join('')).records.map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });
});

async function tableError(text: string | Uint8Array, ...columns: string[]): Promise<string> {
  const path = join(root, 'bad.csv');
  await writeFile(path, text);
  return readTable(path, columns).then(
    () => 'no error',
    (error: Error) => error.message.replace(root, ''),
  );
}

test('columns are found by name, in any order', async () => {
  const path = join(root, 'good.csv');
  await writeFile(path, 'Label, ID\r\n1|2,a\r\n,b\r\n');
  const { columns, rows } = await readTable(path, ['ID', 'Label']);
  expect(columns).toEqual(['Label', 'ID']);
  expect(rows.map((row) => [row.line, row.get('ID'), row.get('Label')])).toEqual([
    [2, 'a', '1|2'],
    [3, 'b', ''],
  ]);
  expect(() => rows[0].get('Nothing')).toThrow(RangeError);
});

test('errors name the file and the line', async () => {
  expect(await tableError('a,b\n1,2\n1\n')).toBe('/bad.csv, line 3: 1 fields, but the header has 2');
  expect(await tableError('a,b\n1,2\n"1,2\n')).toBe('/bad.csv, line 3: a quoted field is not closed');
  expect(await tableError('a,b\n', 'ID', 'b')).toBe(
    '/bad.csv: no column ID; the header has a, b, expected ID, b',
  );
  expect(await tableError('a,b,a\n')).toBe('/bad.csv: the column a is there twice');
  expect(await tableError('\n\n', 'ID')).toBe('/bad.csv: no header; expected the columns ID');
  expect(await tableError(Uint8Array.of(0x61, 0xff, 0xfe))).toBe(
    '/bad.csv: is not UTF-8 text; expected a CSV file',
  );
});

test('writing and appending', async () => {
  const path = join(root, 'rows.csv');
  await writeTable(path, ['field', 'n'], [['a "1"', 0.1]]);
  await appendTable(
    path,
    ['field', 'n'],
    [
      ['b', 2],
      ['c', 3],
    ],
  );
  expect(await readFile(path, 'utf8')).toBe('field,n\n"a ""1""",0.1\nb,2\nc,3\n');
});

test('appending begins the file, and drops a line that a killed run left unfinished', async () => {
  const path = join(root, 'append.csv');
  await appendTable(path, ['é', 'n'], [['a', 1]]);
  await writeFile(path, `${await readFile(path, 'utf8')}b,"cut\nof`);
  await appendTable(path, ['é', 'n'], [['c', 3]]);
  expect(await readFile(path, 'utf8')).toBe('é,n\na,1\nc,3\n');
  await writeFile(path, 'é,');
  await appendTable(path, ['é', 'n'], []);
  expect(await readFile(path, 'utf8')).toBe('é,n\n');
});

test('appending to a table of other columns is refused', async () => {
  const path = join(root, 'other.csv');
  await writeTable(path, ['x'], [['1']]);
  await expect(appendTable(path, ['field', 'n'], [['b', 2]])).rejects.toMatchObject({
    code: 'table-columns',
  });
  expect(await readFile(path, 'utf8')).toBe('x\n1\n');
});
