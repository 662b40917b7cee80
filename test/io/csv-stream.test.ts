import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type CsvRecord, parseCsv, readCsvRecords, readWholeCsvRecords } from '../../src/io/index.js';
import { createSubmissionCheck } from '../../src/scoring/index.js';
import { temporaryFolder } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

async function readAll(text: string | Uint8Array): Promise<CsvRecord[]> {
  const path = join(root, 'stream.csv');
  await writeFile(path, text);
  const records: CsvRecord[] = [];
  for await (const record of readCsvRecords(path)) records.push(record);
  return records;
}

test('a file of many chunks gives what parsing it at once gives', async () => {
  // Rows with quotes, line breaks and characters of two bytes, 3 MB in all: chunks end anywhere in them.
  const text = Array.from({ length: 60_000 }, (_, i) => `${i},"é\n${'x'.repeat(i % 90)}""",\r\n\n`).join('');
  expect(await readAll(`\ufeff${text}last,row`)).toEqual(parseCsv(`${text}last,row`).records);
});

test('a record longer than several chunks', async () => {
  const long = 'x'.repeat(3_000_000);
  expect(await readAll(`a,b\n${long},1\nc,2`)).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: [long, '1'] },
    { line: 3, fields: ['c', '2'] },
  ]);
});

test('errors name the file and the line', async () => {
  await expect(readAll('a\n"b\nc\n')).rejects.toThrow(/stream.csv, line 2: a quoted field is not closed/);
  await expect(readAll(Uint8Array.of(0x61, 0xc3))).rejects.toMatchObject({ code: 'table-syntax' });
  await expect(readCsvRecords(join(root, 'none.csv')).next()).rejects.toMatchObject({ code: 'file-missing' });
  expect(await readAll('')).toEqual([]);
});

test('of a file whose writer was killed only whole records are handed over, and where they end is said', async () => {
  const path = join(root, 'killed.csv');
  const whole = Buffer.from(`a,b\n${'é,"1\n2"\n'.repeat(20_000)}`);
  // Cut in the middle of a character, within quotes after a line break, and right after the last record.
  for (const rest of [Uint8Array.of(0xc3), Buffer.from('c,"x\ny'), new Uint8Array()]) {
    await writeFile(path, Buffer.concat([whole, rest]));
    const records: CsvRecord[] = [];
    expect(await readWholeCsvRecords(path, (record) => records.push(record))).toBe(whole.length);
    expect(records).toHaveLength(20_001);
    expect(records[20_000]).toEqual({ line: 40_000, fields: ['é', '1\n2'] });
  }
});

const TABLES = fileURLToPath(new URL('../../../shared/data/hpa/tables/', import.meta.url));

test.skipIf(!existsSync(TABLES))(
  "the competition's sample submission checks clean (needs ../shared/data)",
  async () => {
    const check = createSubmissionCheck();
    let last = 0;
    for await (const { line, fields } of readCsvRecords(join(TABLES, 'sample_submission2021.csv'))) {
      if (line === 1) check.header(fields, line);
      else check.row(fields, line);
      last = line;
    }
    expect(check.report(last)).toEqual({ problems: [], errors: 0, warnings: 0, rows: 559, detections: 559 });
  },
);
