import { describe, expect, test } from 'vitest';
import { encodeMask, encodeSubmissionMask } from '../../src/masks/index.js';
import {
  createSubmissionCheck,
  type SubmissionCheckOptions,
  submissionRow,
} from '../../src/scoring/index.js';

const corner = encodeMask([1, 0, 0, 0, 0, 0, 0, 0, 0], 3, 3);
const middle = encodeMask([0, 0, 0, 0, 1, 0, 0, 0, 0], 3, 3);
const [A, B] = [corner, middle].map(encodeSubmissionMask);
const GOOD = submissionRow({ id: 'a', width: 3, height: 3 }, [
  { mask: corner, scores: [0.5, 0.25] },
  { mask: middle, scores: [1, 0] },
]).map(String);

function check(rows: (readonly string[])[], options?: SubmissionCheckOptions) {
  const checker = createSubmissionCheck(options);
  checker.header(['ID', 'ImageWidth', 'ImageHeight', 'PredictionString'], 1);
  rows.forEach((row, i) => {
    checker.row(row, i + 2);
  });
  return checker.report(rows.length + 1);
}

/** `line severity code` of every problem of one row after a good one, and its messages. */
function problemsOf(row: readonly string[], options?: SubmissionCheckOptions) {
  return check([GOOD, row], options).problems.map(
    ({ line, severity, code, message }) => `${line} ${severity} ${code}: ${message}`,
  );
}

test('a good file has no problems', () => {
  expect(check([GOOD])).toEqual({ problems: [], errors: 0, warnings: 0, rows: 1, detections: 4 });
});

test('another header', () => {
  const checker = createSubmissionCheck();
  checker.header(['Id', 'PredictionString'], 1);
  expect(checker.report(1).problems).toEqual([
    {
      line: 1,
      severity: 'error',
      code: 'submission-header',
      message: 'the header is "Id,PredictionString", expected "ID,ImageWidth,ImageHeight,PredictionString"',
    },
  ]);
});

describe('each damage is named, with its line', () => {
  test.each<[name: string, row: string[], expected: string]>([
    ['fields', ['b', '3', '3'], '3 error submission-fields: 3 fields, expected 4'],
    ['repeated id', ['a', '3', '3', `0 1 ${A}`], '3 error submission-id: a is there already, in line 2'],
    ['empty id', ['', '3', '3', `0 1 ${A}`], '3 error submission-id: the ID is empty'],
    [
      'size',
      ['b', '3', '0', `0 1 ${A}`],
      '3 error submission-size: b: size 3 x 0, expected whole numbers of pixels',
    ],
    [
      'words',
      ['b', '3', '3', `0 1 ${A} 1`],
      '3 error submission-triple: b: 4 words in PredictionString; expected triples "class confidence mask"',
    ],
    [
      'class',
      ['b', '3', '3', `19 1 ${A}`],
      '3 error submission-class: b: triple 1: class "19", expected 0 to 18',
    ],
    [
      'confidence',
      ['b', '3', '3', `0 x ${A}`],
      '3 error submission-confidence: b: triple 1: confidence "x", expected a number in [0, 1]',
    ],
    [
      'large confidence',
      ['b', '3', '3', `0 2 ${A}`],
      '3 warning submission-confidence: b: confidence 2 is not in [0, 1]',
    ],
    [
      'base64',
      ['b', '3', '3', '0 1 ab!d'],
      '3 error mask-base64: b: triple 1: the mask "ab!d" is not base64',
    ],
    [
      'runs',
      ['b', '3', '4', `0 1 ${A}`],
      "3 error mask-counts: b: triple 1: the mask's counts string has runs of 9 pixels in all, expected 3 x 4 = 12",
    ],
    [
      'class twice',
      ['b', '3', '3', `0 1 ${A} 0 0.5 ${A}`],
      '3 warning submission-repeat: b: class 0 is given twice to mask 1',
    ],
  ])('%s', (_, row, expected) => {
    expect(problemsOf(row)).toEqual([expected]);
  });

  test('zlib', () => {
    expect(problemsOf(['b', '3', '3', '0 1 eNozMLQAAAEtAJs='])).toEqual([
      expect.stringMatching(/^3 error mask-zlib: b: triple 1: .*checksum is wrong/),
    ]);
  });

  test('overlapping masks', () => {
    const both = encodeSubmissionMask(encodeMask([1, 1, 0, 1, 1, 0, 0, 0, 0], 3, 3));
    expect(problemsOf(['b', '3', '3', `0 1 ${A} 0 1 ${B} 0 1 ${both}`])).toEqual([
      '3 warning submission-overlap: b: masks 1 and 3 (in the order of their first triple) share 1 pixels',
      '3 warning submission-overlap: b: masks 2 and 3 (in the order of their first triple) share 1 pixels',
    ]);
  });
});

test('several problems of one row are all found, a bad mask once', () => {
  expect(
    problemsOf(['b', '3', '3', `0 1 ab!d 1 1 ab!d 99 1 ${A} 0 x ${A}`]).map((text) => text.split(':')[0]),
  ).toEqual(['3 error mask-base64', '3 error submission-class', '3 error submission-confidence']);
});

test('known images: another size, unknown and absent ids', () => {
  const images = new Map([
    ['a', { width: 3, height: 3 }],
    ['b', { width: 4, height: 3 }],
    ['c', null],
  ]);
  const text = `0 1 ${A}`;
  const { problems } = check([GOOD, ['b', '3', '3', text], ['d', '3', '3', text]], { images });
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '3 b: size 3 x 3, the image has 4 x 3',
    '4 d is no known image',
    '4 c has no row',
  ]);
});

test('at most a page of problems is kept, all are counted', () => {
  const rows = Array.from({ length: 20 }, (_, i) => [`b${i}`, '3', '3', '0 1 !']);
  const report = check(rows, { maxProblems: 5 });
  expect(report.problems).toHaveLength(5);
  expect(report.errors).toBe(20);
});
