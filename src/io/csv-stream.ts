import { createReadStream } from 'node:fs';
import { InputError } from '../common/index.js';
import { type CsvRecord, parseCsv } from './csv.js';
import { readError } from './file.js';

const CHUNK_BYTES = 1 << 20;

/**
 * The records of a CSV file one after the other, for files too large to hold; only about the longest record is in
 * memory at a time. Rules as `parseCsv`.
 * @throws InputError `file-missing`, `file-unreadable`, `table-syntax` (an open quote at the end, not UTF-8)
 */
export async function* readCsvRecords(path: string): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending: string[] = [];
  let line = 1;
  for await (const chunk of readChunks(path)) {
    const text = decodeChunk(path, decoder, chunk);
    pending.push(text);
    // A record ends at a line break only: without one, all that is pending would be parsed in vain.
    if (!text.includes('\n')) continue;
    const joined = pending.join('');
    const { records, completeLength, completeRecords, nextLine } = parseCsv(joined);
    for (let i = 0; i < completeRecords; i++) yield shifted(records[i], line - 1);
    pending = [joined.slice(completeLength)];
    line += nextLine - 1;
  }
  const { records, openQuote } = parseCsv(pending.join('') + decodeChunk(path, decoder));
  if (openQuote) {
    const last = shifted(records[records.length - 1], line - 1);
    throw new InputError('table-syntax', `${path}, line ${last.line}: a quoted field is not closed`);
  }
  for (const record of records) yield shifted(record, line - 1);
}

function shifted({ line, fields }: CsvRecord, by: number): CsvRecord {
  return { line: line + by, fields };
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk;
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** Without a chunk: the end; a character that was cut off there is an error. */
function decodeChunk(path: string, decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new InputError('table-syntax', `${path}: is not UTF-8 text; expected a CSV file`, { cause });
  }
}
