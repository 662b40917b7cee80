import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { evaluateLabels } from '../../src/evaluation/index.js';
import { cytolocus, sharedFolder } from '../cli/harness.js';
import { writePredictionFolder } from './scene.js';

const folder = sharedFolder();

async function table(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('28 classes of 2018: macro F1 over all, absent ones counting 0', async () => {
  const truth = await table('t.csv', 'Id,Target\na,0 25\nb,25\nc,7\n');
  const predicted = await table('p.csv', 'Id,Predicted\na,0\nb,25 7\nd,1\n');
  const { scores, classes, images, missing, unknown } = await evaluateLabels(truth, predicted, 0.5);
  // Class 0: 1; class 25: one of two, none wrong: 2/3; class 7: one missed, one wrong: 0.
  expect(scores.perClass[25]).toEqual({ tp: 1, fp: 0, fn: 1, f1: 2 / 3 });
  expect(scores.macroF1).toBeCloseTo((1 + 2 / 3 + 0) / 28, 12);
  expect(scores.microF1).toBeCloseTo(4 / 7, 12);
  expect(scores.exactMatch).toBe(0);
  expect([classes.length, images]).toEqual([28, 3]);
  expect([missing, unknown]).toEqual([['c'], ['d']]);
});

test('28 against 19 classes: the 28 are folded', async () => {
  // Focal adhesion sites (13) fold into actin filaments (9); Rods & rings (27) have no place.
  const truth = await table('t.csv', 'Id,Target\na,13 27\nb,12\n');
  const predicted = await table('p.csv', 'ID,Label\na,9\nb,9|0\n');
  const { scores, classes } = await evaluateLabels(truth, predicted, 0.5);
  expect(classes).toBe(LOCATIONS);
  expect(scores.perClass[9]).toEqual({ tp: 2, fp: 0, fn: 0, f1: 1 });
  expect(scores.exactMatch).toBe(0.5);
});

test('a folder written by predict: an image shows what one of its cells shows at the threshold', async () => {
  const predictions = await writePredictionFolder(join(folder, 'predictions'));
  const truth = await table('t.csv', 'ID,Label\na,0|16|18|5\nb,0\n');
  const json = JSON.parse(
    (await cytolocus('evaluate', '--truth', truth, '--predictions', predictions, '--json')).printed,
  );
  expect(json).toMatchObject({ classes: 19, exactMatch: 1, microF1: 1, images: 2 });
  expect(json.macroF1).toBeCloseTo(4 / 19, 12);
  const { printed } = await cytolocus(
    'evaluate',
    '--truth',
    truth,
    '--predictions',
    predictions,
    '--threshold',
    '0.85',
  );
  expect(printed).toMatch(/^Cytosol +1 +0 +0 +0\.000$/m);
});

test('labels and cells cannot be mixed', async () => {
  const truth = await table('t.csv', 'ID,Label\na,0\n');
  const submission = await table('s.csv', 'ID,ImageWidth,ImageHeight,PredictionString\n');
  await expect(evaluateLabels(truth, submission, 0.5)).rejects.toThrow(
    /s\.csv: the truth holds labels of whole images/,
  );
  const { code, noted } = await cytolocus('evaluate', '--truth', submission, '--predictions', truth);
  expect(code).toBe(1);
  expect(noted).toMatch(/s\.csv: has no row/);
});
