import { createReadStream } from 'node:fs';
import { InputError } from '../common/index.js';
import { readError } from './file.js';

const CHUNK_BYTES = 1 << 20;
const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The items of a JSON file that is one list, one after the other, for files too large to hold; only about the longest
 * item is in memory at a time.
 * @throws InputError `file-missing`, `file-unreadable`, `json-syntax`
 */
export async function* readJsonList(path: string): AsyncGenerator<unknown> {
  const scanner = new ItemScanner();
  let count = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      for (const text of scanner.scan(chunk)) yield parseItem(text, path, ++count);
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    if (cause instanceof NotAListError) throw damaged(path, cause.message, cause);
    throw readError(path, cause);
  }
  if (!scanner.closed)
    throw damaged(path, `ends within the list, after item ${count}: the file was cut short`);
}

function parseItem(text: string, path: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw damaged(path, `item ${number} of the list is no JSON (${reason})`, cause);
  }
}

function damaged(path: string, what: string, cause?: unknown): InputError {
  return new InputError('json-syntax', `${path}: ${what}; expected one JSON list`, { cause });
}

class NotAListError extends Error {}

/** Finds where the items of the outermost list begin and end; what is in them is left to JSON.parse. */
class ItemScanner {
  /** Lists and objects that are open; 0 before the outermost list. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #item: Uint8Array[] = [];
  #found = 0;
  /** Whether the outermost list has ended. */
  closed = false;

  scan(chunk: Uint8Array): string[] {
    const items: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (this.#depth === 0) {
        if (SPACE.has(byte)) continue;
        if (this.closed) throw new NotAListError('more text follows after the list');
        if (byte !== OPEN_LIST) throw new NotAListError('does not begin with a list');
        this.#depth = 1;
        start = at + 1;
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#depth++;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === COMMA) {
        if (byte !== COMMA) this.#depth--;
        const ended = this.#depth === 0 || (byte === COMMA && this.#depth === 1);
        if (!ended) continue;
        this.#item.push(chunk.subarray(start, at));
        start = at + 1;
        const text = Buffer.concat(this.#item).toString('utf8');
        this.#item = [];
        this.closed = this.#depth === 0;
        const emptyList = this.closed && this.#found === 0 && text.trim() === '';
        if (!emptyList) items.push(text);
        this.#found++;
      }
    }
    if (this.#depth > 0) this.#item.push(chunk.slice(start));
    return items;
  }
}

/** The three bytes of a byte order mark, which some programs write, count as space. */
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
