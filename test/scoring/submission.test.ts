import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMask, encodeSubmissionMask } from '../../src/masks/index.js';
import { parsePredictionString, SUBMISSION_COLUMNS, submissionRow } from '../../src/scoring/index.js';

const IMAGE = { id: 'a', width: 3, height: 3 };
const corner = encodeMask([1, 0, 0, 0, 0, 0, 0, 0, 0], 3, 3);
const middle = encodeMask([0, 0, 0, 0, 1, 0, 0, 0, 0], 3, 3);

test('a row: cells in order, classes ascending, the mask repeated', () => {
  const row = submissionRow(IMAGE, [
    { mask: corner, scores: [0.5, 1] },
    { mask: middle, scores: [0, 0.1234567] },
  ]);
  const [a, b] = [corner, middle].map(encodeSubmissionMask);
  expect(SUBMISSION_COLUMNS.join()).toBe('ID,ImageWidth,ImageHeight,PredictionString');
  expect(row).toEqual(['a', 3, 3, `0 0.500000 ${a} 1 1.000000 ${a} 0 0.000000 ${b} 1 0.123457 ${b}`]);
});

test('scores below the least are left out, decimals can be chosen', () => {
  const [, , , text] = submissionRow(IMAGE, [{ mask: corner, scores: [0.05, 0.5] }], {
    minScore: 0.1,
    decimals: 2,
  });
  expect(text).toBe(`1 0.50 ${encodeSubmissionMask(corner)}`);
});

test('an image without cells gets an empty mask, as in the sample file', () => {
  const [, , , text] = submissionRow({ id: 'a', width: 2048, height: 2048 }, []);
  const { masks, detections } = parsePredictionString(text, 2048, 2048);
  expect(detections).toEqual([{ instance: 0, classId: 0, score: 1 }]);
  expect([...masks[0].counts]).toEqual([2048 * 2048]);
});

test('wrong cells are refused', () => {
  expect(() => submissionRow({ ...IMAGE, width: 4 }, [{ mask: corner, scores: [1] }])).toThrow(
    'submission of a: mask is 3x3, image 4x3',
  );
  expect(() => submissionRow(IMAGE, [{ mask: corner, scores: [Number.NaN] }])).toThrow(
    'score NaN is not in [0, 1]',
  );
});

test('what is written reads back: every score, masks decoded once', () => {
  const cells = fc.array(
    fc.record({
      pixels: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 9, maxLength: 9 }),
      scores: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 19, maxLength: 19 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(cells, (list) => {
      const written = list.map(({ pixels, scores }) => ({
        mask: encodeMask(pixels, 3, 3),
        scores: scores.map((score) => score / 1000),
      }));
      const { masks, detections } = parsePredictionString(submissionRow(IMAGE, written)[3], 3, 3);
      expect(detections).toHaveLength(list.length * 19);
      detections.forEach(({ instance, classId, score }, i) => {
        const cell = written[Math.floor(i / 19)];
        expect(classId).toBe(i % 19);
        expect(score).toBe(cell.scores[classId]);
        expect(masks[instance]).toEqual(cell.mask);
      });
    }),
    { numRuns: 40 },
  );
});

describe('damage is named with its place', () => {
  const mask = encodeSubmissionMask(corner);

  test.each([
    [`0 0.5 ${mask} 1 0.5`, 'submission-triple', '5 words in PredictionString'],
    [`0 0.5 ${mask} 19 0.5 ${mask}`, 'submission-class', 'triple 2: class "19", expected 0 to 18'],
    [`-1 0.5 ${mask}`, 'submission-class', 'triple 1: class "-1"'],
    [`0 high ${mask}`, 'submission-confidence', 'triple 1: confidence "high"'],
    [`0 0.5 ${mask} 0 0.5 ${mask.slice(1)}`, 'mask-base64', 'triple 2: the mask'],
    ['0 0.5 eNozMLQAAAEtAJs=', 'mask-zlib', 'triple 1: the mask "eNozMLQAAAEtAJs=" is damaged'],
  ])('%s', (text, code, message) => {
    expect(() => parsePredictionString(text, 3, 3)).toThrow(
      expect.objectContaining({ name: 'InputError', code, message: expect.stringContaining(message) }),
    );
  });

  test('a mask of another size', () => {
    expect(() => parsePredictionString(`0 1 ${mask}`, 3, 4)).toThrow(
      'runs of 9 pixels in all, expected 3 x 4 = 12',
    );
  });

  test('an empty string is an image without detections', () => {
    expect(parsePredictionString(' ', 3, 3)).toEqual({ masks: [], detections: [] });
  });
});
