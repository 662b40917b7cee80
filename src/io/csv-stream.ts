import { isAscii } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../common/index.js';
import { type CsvRecord, parseCsv } from './csv.js';
import { readError } from './file.js';

/** Read at a time where a record may be as long (masks). */
const LONG_CHUNK_BYTES = 1 << 20;
/** Read at a time where records are short: all records of a chunk are in memory at once, at ten times its size. */
const SHORT_CHUNK_BYTES = 1 << 16;
const LINE_FEED = 0x0a;

/**
 * The records of a CSV file one after the other, for files too large to hold; only about the longest record is in
 * memory at a time. Rules as `parseCsv`.
 * @throws InputError `file-missing`, `file-unreadable`, `table-syntax` (an open quote at the end, not UTF-8)
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  const splitter = createSplitter();
  for await (const lines of readLines(path, LONG_CHUNK_BYTES)) yield* splitter.push(decode(path, lines));
  const { records, openQuote } = splitter.end();
  if (openQuote) {
    const { line } = records[records.length - 1];
    throw new InputError('table-syntax', `${path}, line ${line}: a quoted field is not closed`);
  }
  yield* records;
}

/**
 * Hands over the records of a CSV file up to the last line break that ends one: what a killed writer began after it is
 * left out.
 * @returns bytes up to there
 * @throws InputError `file-missing`, `file-unreadable`, `table-syntax` (not UTF-8)
 */
export async function readWholeCsvRecords(path: string, take: (record: CsvRecord) => void): Promise<number> {
  const splitter = createSplitter();
  let bytes = 0;
  for await (const lines of readLines(path, SHORT_CHUNK_BYTES)) {
    if (lines[lines.length - 1] !== LINE_FEED) break;
    for (const record of splitter.push(decode(path, lines))) take(record);
    bytes += lines.length;
  }
  return bytes - Buffer.byteLength(splitter.pending());
}

/** Splits text that comes in pieces into records. */
function createSplitter() {
  let pending = '';
  let line = 1;
  const shifted = (records: readonly CsvRecord[]) =>
    records.map((record) => ({ line: record.line + line - 1, fields: record.fields }));
  return {
    /** The records that are whole now; a piece ends with a line break. */
    push(piece: string): CsvRecord[] {
      const text = pending + piece;
      const { records, completeLength, completeRecords, nextLine } = parseCsv(text);
      const whole = shifted(records.slice(0, completeRecords));
      pending = text.slice(completeLength);
      line += nextLine - 1;
      return whole;
    },
    /** What has come and belongs to no whole record yet. */
    pending: () => pending,
    /** The record that the text's end ends. */
    end(): { records: CsvRecord[]; openQuote: boolean } {
      const { records, openQuote } = parseCsv(pending);
      return { records: shifted(records), openQuote };
    },
  };
}

/**
 * A file's bytes in pieces that end with a line break (the last may lack it). A piece holds until the next is asked
 * for: all are read into one buffer, as fresh memory for each would take longer to get than to fill.
 */
async function* readLines(path: string, chunkBytes: number): AsyncGenerator<Buffer> {
  const file = await open(path).catch((cause) => {
    throw readError(path, cause);
  });
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
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
