import { InputError } from '../common/index.js';
import { readCsvRecords } from '../io/index.js';
import {
  type ImagePrediction,
  parsePredictionString,
  SUBMISSION_COLUMNS,
  type SubmissionPrediction,
} from '../scoring/index.js';

/** One image's row of a file in the submission's format; its masks are decoded when they are asked for. */
export interface SubmissionRow {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** @throws InputError, its message beginning with file, line and id */
  parse(): ImagePrediction;
}

/**
 * The rows of a file in the submission's format one after the other; the columns may stand in any order.
 * @throws InputError `submission-header`, `submission-fields`, `submission-size`, and what `readCsvRecords` throws
 */
export async function* readSubmissionRows(path: string): AsyncGenerator<SubmissionRow> {
  let columns: readonly number[] | null = null;
  let width = 0;
  for await (const { line, fields } of readCsvRecords(path)) {
    if (columns === null) {
      columns = findColumns(path, fields);
      width = fields.length;
      continue;
    }
    const place = `${path}, line ${line}`;
    if (fields.length !== width) {
      throw new InputError('submission-fields', `${place}: ${fields.length} fields, expected ${width}`);
    }
    const [id, widthText, heightText, text] = columns.map((index) => fields[index]);
    const size = { width: sizeOf(place, widthText), height: sizeOf(place, heightText) };
    yield { id, ...size, parse: () => parseAt(`${place}: ${id}`, text, size) };
  }
}

function findColumns(path: string, header: readonly string[]): number[] {
  const names = header.map((name) => name.trim());
  const columns = SUBMISSION_COLUMNS.map((name) => names.indexOf(name));
  if (!columns.includes(-1)) return columns;
  throw new InputError(
    'submission-header',
    `${path}: the header is "${names.join(',')}", expected "${SUBMISSION_COLUMNS.join(',')}"`,
  );
}

function sizeOf(place: string, text: string): number {
  if (/^[1-9]\d*$/.test(text.trim())) return Number(text);
  throw new InputError('submission-size', `${place}: size "${text}", expected a whole number of pixels`);
}

function parseAt(
  place: string,
  text: string,
  { width, height }: { readonly width: number; readonly height: number },
): SubmissionPrediction {
  try {
    return parsePredictionString(text, width, height);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.code, `${place}: ${cause.message}`, { cause });
  }
}
