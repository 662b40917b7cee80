import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateFiles, evaluationJson } from '../../src/evaluation/index.js';
import { encodeMask, encodeSubmissionMask } from '../../src/masks/index.js';
import { sharedFolder } from '../cli/harness.js';
import {
  CATEGORIES,
  PREDICTED,
  SIZE,
  TRUTH,
  writeCocoPredictions,
  writeCocoResults,
  writeCocoTruth,
  writePredictionFolder,
  writeSubmission,
  writeTruthFolder,
  writeTruthSubmission,
} from './scene.js';

const folder = sharedFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  await writeTruthFolder(at('truth'));
  await writeTruthSubmission(at('truth.csv'));
  await writeCocoTruth(at('truth.json'));
  await writePredictionFolder(at('predictions'));
  await writeSubmission(at('submission.csv'));
  await writeCocoPredictions(at('predictions.json'));
  // Of the truth's own ids, and, where it is no COCO data set, of ours.
  await writeCocoResults(
    at('results.json'),
    (_, i) => i + 7,
    (classId) => CATEGORIES[classId].id,
  );
  await writeCocoResults(
    at('our-results.json'),
    (field) => field,
    (classId) => classId + 1,
  );
});

const scoresOf = async (truth: string, predictions: string) =>
  evaluationJson(await evaluateFiles(at(truth), at(predictions)), null, 0.5);

const PAIRS = [
  ...['truth', 'truth.csv', 'truth.json'].flatMap((truth) =>
    ['predictions', 'submission.csv', 'predictions.json'].map((predictions) => [truth, predictions]),
  ),
  ['truth.json', 'results.json'],
  ['truth', 'our-results.json'],
  ['truth.csv', 'our-results.json'],
];

test.each(PAIRS)('truth as %s, predictions as %s: the same scores', async (truth, predictions) => {
  const json = await scoresOf(truth, predictions);
  // Nucleoplasm: hits at .9 and .7 behind a miss at .95. Cytosol: hits at .8 and .4. Negative: IoU 0.5 is too little.
  const nucleoplasm = (2 * (2 / 3)) / 2;
  expect(json.perLocation).toMatchObject({
    Nucleoplasm: expect.closeTo(nucleoplasm, 6),
    Cytosol: 1,
    Negative: 0,
  });
  expect(json.mAP).toBeCloseTo((nucleoplasm + 1 + 0) / 3, 6);
  // Three of four true and of five predicted cells pair at IoU 0.6.
  expect(json.segmentation).toMatchObject({ ap60: 3 / 6, f1_50: 8 / 9, f1_60: 6 / 9 });
  expect(json.segmentation.panopticQuality).toBeCloseTo((2 * (1 + 7 / 8 + 1 / 2 + 1)) / 9, 12);
  expect(json).toMatchObject({ images: 2, cells: 4, predictedCells: 5, missing: 0, unknown: 0 });
  // Of the four cells found at IoU 0.5 the first and third have all locations right.
  expect(json.foundCells).toMatchObject({ count: 4, exactMatch: 0.5 });
});

describe('what does not fit is refused, in words', () => {
  test('another size', async () => {
    const text = await readFile(at('submission.csv'), 'utf8');
    await writeFile(at('large.csv'), text.replaceAll(',20,20,', ',40,10,'));
    await expect(scoresOf('truth', 'large.csv')).rejects.toThrow(
      /field a: truth is 20x20 but the prediction is 40x10/,
    );
  });

  test('a damaged mask, with file, line and image', async () => {
    const text = await readFile(at('submission.csv'), 'utf8');
    await writeFile(at('damaged.csv'), text.replace(/b,20,20,0 \S+ \S/, 'b,20,20,0 0.5 !'));
    await expect(scoresOf('truth', 'damaged.csv')).rejects.toThrow(
      /damaged\.csv, line 3: b: triple 1: the mask .* is not base64/,
    );
  });

  test('an image predicted twice', async () => {
    const text = await readFile(at('submission.csv'), 'utf8');
    await writeFile(at('twice.csv'), text + text.split('\n')[1]);
    await expect(scoresOf('truth', 'twice.csv')).rejects.toThrow(/image a is predicted twice/);
  });

  test('an unknown category of results', async () => {
    await writeCocoResults(
      at('wrong.json'),
      (_, i) => i + 7,
      (classId) => classId,
    );
    await expect(scoresOf('truth.json', 'wrong.json')).rejects.toThrow(
      /wrong\.json, result 1: category 0; expected/,
    );
  });

  test('a data set without scores as prediction, results as truth, crowds', async () => {
    await expect(scoresOf('truth', 'truth.json')).rejects.toThrow(/annotation 1: has no score/);
    await expect(scoresOf('results.json', 'predictions')).rejects.toThrow(/must be a COCO data set/);
    const text = await readFile(at('truth.json'), 'utf8');
    await writeFile(at('crowd.json'), text.replace('"iscrowd":0', '"iscrowd":1'));
    await expect(scoresOf('crowd.json', 'predictions')).rejects.toThrow(/annotation 1 is a crowd/);
  });

  test('a file that is none of these', async () => {
    await writeFile(at('notes.txt'), 'nothing,to,see\n1,2,3\n');
    await expect(scoresOf('truth', 'notes.txt')).rejects.toThrow(/notes\.txt: begins with "nothing,to,see/);
  });
});

test('COCO categories that are no locations: only outlines are scored', async () => {
  await writeCocoTruth(at('cells.json'), TRUTH, [{ id: 1, name: 'cell' }]);
  const json = await scoresOf('cells.json', 'predictions');
  expect(json).not.toHaveProperty('mAP');
  expect(json.segmentation.ap60).toBe(0.5);
});

test('missing and unknown images; the order of rows does not matter', async () => {
  const { a, b } = PREDICTED;
  await writeSubmission(at('other.csv'), { c: b, b });
  const evaluation = await evaluateFiles(at('truth'), at('other.csv'));
  expect(evaluation.missing).toEqual(['a']);
  expect(evaluation.unknown).toEqual(['c']);
  await writeSubmission(at('reversed.csv'), { b, a });
  expect(await scoresOf('truth', 'reversed.csv')).toEqual(await scoresOf('truth', 'submission.csv'));
});

test('oid: a class without truth in an image is ignored there, unless an empty mask says that it was looked for', async () => {
  const evaluate = async (truth: string) => {
    const { scores } = await evaluateFiles(at(truth), at('submission.csv'), { mode: 'oid' });
    return scores.competition().perClass[0];
  };
  // In b class 0 is not true: its detection at .95 no longer stands before the hits.
  expect(await evaluate('truth.csv')).toMatchObject({ ap: 1, detections: 4 });
  const text = await readFile(at('truth.csv'), 'utf8');
  const empty = encodeSubmissionMask(encodeMask(new Uint8Array(SIZE * SIZE), SIZE, SIZE));
  await writeFile(
    at('verified.csv'),
    text.replace(/b,20,20,/, (row) => `${row}0 1 ${empty} `),
  );
  expect(await evaluate('verified.csv')).toMatchObject({ ap: expect.closeTo(2 / 3, 6), detections: 5 });
});
