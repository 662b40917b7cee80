/** CSV text by RFC 4180: fields in quotes may hold commas, quotes (doubled) and line breaks. */

/** One record and the line of the text on which it begins, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: string[];
}

/** What a CSV text holds: its records, and how many characters at the end belong to a record that was cut off. */
export interface CsvText {
  readonly records: CsvRecord[];
  /** True where the text ends inside quotes. */
  readonly openQuote: boolean;
  /** Length of the text up to the last line break that ends a record. */
  readonly completeLength: number;
  /** How many of the records end before that, and the line on which what follows begins. */
  readonly completeRecords: number;
  readonly nextLine: number;
}

/** Splits CSV text; a byte order mark is skipped, CRLF and LF both end a line, empty lines are left out. */
export function parseCsv(text: string): CsvText {
  const records: CsvRecord[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let complete = { completeLength: at, completeRecords: 0, nextLine: line };
  const endOfField = fieldEnds(text);
  while (at < text.length) {
    const record = { line, fields: [] as string[] };
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        at++;
        for (;;) {
          const quote = text.indexOf('"', at);
          const part = text.slice(at, quote < 0 ? text.length : quote);
          field += part;
          line += countBreaks(part);
          if (quote < 0) {
            record.fields.push(field);
            records.push(record);
            return { records, openQuote: true, ...complete };
          }
          at = quote + 1;
          if (text[at] !== '"') break;
          field += '"';
          at++;
        }
      }
      const start = at;
      at = endOfField(at);
      const end = text[at] !== ',' && text[at - 1] === '\r' && at > start ? at - 1 : at;
      record.fields.push(field + text.slice(start, end));
      if (text[at] !== ',') break;
      at++;
    }
    if (record.fields.length > 1 || record.fields[0] !== '') records.push(record);
    if (at >= text.length) break;
    at++;
    line++;
    complete = { completeLength: at, completeRecords: records.length, nextLine: line };
  }
  return { records, openQuote: false, ...complete };
}

/** Tells where the next comma or line break stands, or the text's end; asked for places in ascending order. */
function fieldEnds(text: string): (from: number) => number {
  // `indexOf` looks at many characters at a time; what it found is kept, so that each is looked at once.
  let comma = -1;
  let lineBreak = -1;
  const next = (character: string, from: number) => {
    const found = text.indexOf(character, from);
    return found < 0 ? text.length : found;
  };
  return (from) => {
    if (comma < from) comma = next(',', from);
    if (lineBreak < from) lineBreak = next('\n', from);
    return Math.min(comma, lineBreak);
  };
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
