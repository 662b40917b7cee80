import { isAscii } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../common/index.js';
import { type CsvRecord, parseCsv } from './csv.js';
import { readError } from './file.js';

const CHUNK_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/**
 * The records of a CSV file one after the other, for files too large to hold; only about the longest record is in
 * memory at a time. Rules as `parseCsv`.
 * @throws InputError `file-missing`, `file-unreadable`, `table-syntax` (an open quote at the end, not UTF-8)
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  let pending = '';
  let line = 1;
  for await (const lines of readLines(path)) {
    const text = pending + decode(path, lines);
    const { records, completeLength, completeRecords, nextLine } = parseCsv(text);
    for (let i = 0; i < completeRecords; i++) yield shifted(records[i], line - 1);
    pending = text.slice(completeLength);
    line += nextLine - 1;
  }
  const { records, openQuote } = parseCsv(pending);
  if (openQuote) {
    const last = shifted(records[records.length - 1], line - 1);
    throw new InputError('table-syntax', `${path}, line ${last.line}: a quoted field is not closed`);
  }
  for (const record of records) yield shifted(record, line - 1);
}

function shifted({ line, fields }: CsvRecord, by: number): CsvRecord {
  return { line: line + by, fields };
}

/**
 * A file's bytes in pieces that end with a line break (the last may lack it). A piece holds until the next is asked
 * for: all are read into one buffer, as fresh memory for each would take longer to get than to fill.
 */
async function* readLines(path: string): AsyncGenerator<Buffer> {
  const file = await open(path).catch((cause) => {
    throw readError(path, cause);
  });
  try {
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let held = 0;
    for (;;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * held);
      const read = await readInto(path, file, buffer.subarray(held));
      if (read === 0) break;
      const lineFeed = buffer.subarray(held, held + read).lastIndexOf(LINE_FEED);
      const complete = lineFeed < 0 ? 0 : held + lineFeed + 1;
      held += read;
      if (complete === 0) continue;
      yield buffer.subarray(0, complete);
      buffer.copy(buffer, 0, complete, held);
      held -= complete;
    }
    if (held > 0) yield buffer.subarray(0, held);
  } finally {
    await file.close();
  }
}

async function readInto(path: string, file: FileHandle, target: Buffer): Promise<number> {
  try {
    return (await file.read(target)).bytesRead;
  } catch (cause) {
    throw readError(path, cause);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(path: string, bytes: Buffer): string {
  // Four times as fast as decoding, and large tables are ASCII.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new InputError('table-syntax', `${path}: is not UTF-8 text; expected a CSV file`, { cause });
  }
}
