import { type InputError, LOCATIONS } from '../common/index.js';
import { boxesOverlap, type Rle, rleBox, rleIntersection } from '../masks/index.js';
import { readTriples, SUBMISSION_COLUMNS } from './submission.js';

/** Something wrong, or (a warning) merely odd, in a submission file. */
export interface SubmissionProblem {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly severity: 'error' | 'warning';
  /** Stable name: `submission-*` or `mask-*`. */
  readonly code: string;
  readonly message: string;
}

export interface SubmissionCheckOptions {
  /** The images that must be there, once each, with their size where it is known; any id is taken where absent. */
  readonly images?: ReadonlyMap<string, { readonly width: number; readonly height: number } | null>;
  /** @default the number of locations, 19 */
  readonly classes?: number;
  /** Problems that are kept; further ones are only counted. @default 50 */
  readonly maxProblems?: number;
}

export interface SubmissionReport {
  /** In the order of the lines, at most `maxProblems`. */
  readonly problems: readonly SubmissionProblem[];
  readonly errors: number;
  readonly warnings: number;
  readonly rows: number;
  readonly detections: number;
}

/** Takes a submission file record by record, so that only one row need be in memory. */
export interface SubmissionCheck {
  header(fields: readonly string[], line: number): void;
  row(fields: readonly string[], line: number): void;
  /** What comes after a line cannot be read as CSV. */
  unreadable(message: string, line: number): void;
  /** What was found; images that have no row are reported at `lastLine`. */
  report(lastLine: number): SubmissionReport;
}

/**
 * Checks a submission file: header, fields, ids (repeated, unknown, absent), sizes, class ids, confidences, masks
 * (base64, zlib and its checksum, counts, runs that add up to the image). Warnings: masks of one image that overlap, a
 * class given twice to one mask, a confidence outside [0, 1] (it ranks all the same).
 */
export function createSubmissionCheck(options: SubmissionCheckOptions = {}): SubmissionCheck {
  const { images, classes = LOCATIONS.length, maxProblems = 50 } = options;
  const problems: SubmissionProblem[] = [];
  const lineOfId = new Map<string, number>();
  const counts = { error: 0, warning: 0 };
  let rows = 0;
  let detectionCount = 0;
  const add = (line: number, severity: SubmissionProblem['severity'], code: string, message: string) => {
    counts[severity]++;
    if (problems.length < maxProblems) problems.push({ line, severity, code, message });
  };

  function checkId(id: string, line: number): void {
    const earlier = lineOfId.get(id);
    if (id === '') add(line, 'error', 'submission-id', 'the ID is empty');
    else if (earlier !== undefined)
      add(line, 'error', 'submission-id', `${id} is there already, in line ${earlier}`);
    else if (images !== undefined && !images.has(id))
      add(line, 'error', 'submission-id', `${id} is no known image`);
    if (earlier === undefined) lineOfId.set(id, line);
  }

  /** The image's size, or null where masks cannot be checked against it. */
  function checkSize(
    id: string,
    texts: readonly string[],
    line: number,
  ): { width: number; height: number } | null {
    const [width, height] = texts.map((text) => (/^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN));
    if (Number.isNaN(width) || Number.isNaN(height)) {
      add(
        line,
        'error',
        'submission-size',
        `${id}: size ${texts.join(' x ')}, expected whole numbers of pixels`,
      );
      return null;
    }
    const known = images?.get(id);
    if (known && (known.width !== width || known.height !== height)) {
      const expected = `${known.width} x ${known.height}`;
      add(line, 'error', 'submission-size', `${id}: size ${width} x ${height}, the image has ${expected}`);
      return null;
    }
    return { width, height };
  }

  return {
    header(fields, line) {
      const expected = SUBMISSION_COLUMNS.join(',');
      if (fields.join(',') === expected) return;
      add(line, 'error', 'submission-header', `the header is "${fields.join(',')}", expected "${expected}"`);
    },
    row(fields, line) {
      rows++;
      if (fields.length !== SUBMISSION_COLUMNS.length) {
        add(
          line,
          'error',
          'submission-fields',
          `${fields.length} fields, expected ${SUBMISSION_COLUMNS.length}`,
        );
        return;
      }
      const [id, widthText, heightText, text] = fields;
      checkId(id, line);
      const size = checkSize(id, [widthText, heightText], line);
      if (size === null) return;
      const report = ({ code, message }: InputError) => add(line, 'error', code, `${id}: ${message}`);
      const { masks, detections } = readTriples(text, size.width, size.height, classes, report);
      detectionCount += detections.length;
      const given = new Set<number>();
      for (const { instance, classId, score } of detections) {
        if (score < 0 || score > 1) {
          add(line, 'warning', 'submission-confidence', `${id}: confidence ${score} is not in [0, 1]`);
        }
        const key = instance * classes + classId;
        if (given.has(key)) {
          add(
            line,
            'warning',
            'submission-repeat',
            `${id}: class ${classId} is given twice to mask ${instance + 1}`,
          );
        }
        given.add(key);
      }
      for (const [a, b, pixels] of overlappingPairs(masks)) {
        const pair = `masks ${a + 1} and ${b + 1} (in the order of their first triple)`;
        add(line, 'warning', 'submission-overlap', `${id}: ${pair} share ${pixels} pixels`);
      }
    },
    unreadable: (message, line) => add(line, 'error', 'submission-csv', message),
    report(lastLine) {
      for (const id of images?.keys() ?? []) {
        if (!lineOfId.has(id)) add(lastLine, 'error', 'submission-id', `${id} has no row`);
      }
      return { problems, errors: counts.error, warnings: counts.warning, rows, detections: detectionCount };
    },
  };
}

/** Pairs of masks that share pixels, with their number. */
function overlappingPairs(masks: readonly Rle[]): [a: number, b: number, pixels: number][] {
  const boxes = masks.map(rleBox);
  const pairs: [number, number, number][] = [];
  for (let a = 0; a < masks.length; a++) {
    for (let b = a + 1; b < masks.length; b++) {
      if (!boxesOverlap(boxes[a], boxes[b])) continue;
      const pixels = rleIntersection(masks[a], masks[b]);
      if (pixels > 0) pairs.push([a, b, pixels]);
    }
  }
  return pairs;
}
