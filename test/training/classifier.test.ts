import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import {
  ASSUMED_PIXEL_SIZES,
  loadRuntime,
  writeLabelPng,
  writePlanePng,
  writeTable,
} from '../../src/io/index.js';
import { loadClassifier } from '../../src/networks/index.js';
import { scoreOnTruth } from '../../src/runs/index.js';
import { defaultSynthSettings, simulateField } from '../../src/synthetic/index.js';
import { DEFAULT_WEAK_LABELS, trainClassifier } from '../../src/training/index.js';

const runtime = await loadRuntime({ threads: 1 });
const FIELDS = 5;
let root = '';
let data = '';

// Small fields in which the protein fills the nucleus (0) or the cytosol (16), with their truth.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-training-'));
  data = join(root, 'data');
  const settings = { ...defaultSynthSettings, width: 256, height: 256, seed: 5, maxLocations: 1 };
  const labels: [string, string][] = [];
  const truth: [string, number, string][] = [];
  for (let i = 0; i < FIELDS; i++) {
    const made = simulateField({ ...settings, locations: [i % 2 === 0 ? 0 : 16] }, i);
    const { microtubules, protein, nuclei, er } = made.field.channels;
    const planes = { red: microtubules, green: protein, blue: nuclei, yellow: er };
    for (const [colour, plane] of Object.entries(planes)) {
      if (plane !== null) await writePlanePng(join(data, `f${i}_${colour}.png`), plane);
    }
    await writeLabelPng(join(data, 'truth', `f${i}`, 'cells.png'), made.segmentation.cells);
    await writeLabelPng(join(data, 'truth', `f${i}`, 'nuclei.png'), made.segmentation.nuclei);
    labels.push([`f${i}`, made.locations.join('|')]);
    made.cellLocations.forEach((ids, k) => {
      truth.push([`f${i}`, k + 1, ids.join('|')]);
    });
  }
  await writeTable(join(data, 'train.csv'), ['ID', 'Label'], [...labels, ['gone', '3']]);
  await writeTable(join(data, 'truth', 'cells.csv'), ['field', 'cell', 'locations'], truth);
});
afterAll(() => rm(root, { recursive: true }));

const recipe = () => ({
  data: [data],
  epochs: 2,
  batchSize: 4,
  cellsPerField: 4,
  validationShare: 0.4,
  outlines: 'truth' as const,
  seed: 3,
});

test('a training stopped after an epoch and called again ends as an unbroken one', async () => {
  const whole = await trainClassifier(runtime, recipe());
  const stop = new AbortController();
  const resumeFolder = join(root, 'resume');
  const first = await trainClassifier(runtime, recipe(), {
    resumeFolder,
    signal: stop.signal,
    onCheckpoint: () => stop.abort(),
  });
  const second = await trainClassifier(runtime, recipe(), { resumeFolder });
  expect(whole.stopped).toBe('finished');
  expect(first).toMatchObject({ stopped: 'aborted', history: [{ epoch: 1 }] });
  expect(Buffer.compare(second.onnx, whole.onnx)).toBe(0);
  expect(whole.leftOut.labelsWithoutImage).toEqual(['gone']);
  expect(whole.metadata.training).toMatchObject({ seed: 3, epochs: 2, fields: FIELDS, outlines: 'truth' });
  expect(whole.validation?.cells).toBe(whole.metadata.training.validationCells);
  await expect(trainClassifier(runtime, { ...recipe(), seed: 4 }, { resumeFolder })).rejects.toThrow(
    'holds a training of another recipe',
  );
});

test('cells are outlined by our segmenter unless told otherwise, and the file can be scored on truth', async () => {
  const { onnx, metadata } = await trainClassifier(runtime, {
    ...recipe(),
    outlines: 'segmented',
    epochs: 1,
  });
  const classifier = await loadClassifier(runtime, onnx);
  const scores = await scoreOnTruth(classifier, data, ASSUMED_PIXEL_SIZES);
  expect(metadata.training.outlines).toBe('segmented');
  // Each cell shows one location or several.
  expect(scores.positives.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(scores.cells);
  expect(Math.max(...scores.positives)).toBeLessThanOrEqual(scores.cells);
  expect(scores.mAP).toBeGreaterThan(0);
  await classifier.release();
});

test('a training stopped between rounds or within the last and called again ends as an unbroken one', async () => {
  const inRounds = {
    ...{ ...recipe(), network: 'batch_norm', epochs: 3, cellsPerField: 2 },
    weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'pseudo-labels' as const, rounds: 2 },
  };
  const rounds: number[] = [];
  const whole = await trainClassifier(runtime, inRounds, { onRound: (round) => rounds.push(round) });
  expect(rounds).toEqual([1, 2]);
  expect(whole.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect(whole.metadata.training).toMatchObject({ weakLabels: 'pseudo-labels', rounds: 2 });
  const resumeFolder = join(root, 'rounds');
  // The first round ends after epoch 2: the second call goes on from there, the third within the second round.
  for (const stopAt of [2, 3]) {
    const stop = new AbortController();
    const { stopped } = await trainClassifier(runtime, inRounds, {
      ...{ resumeFolder, signal: stop.signal },
      onCheckpoint: (_, epoch) => {
        if (epoch === stopAt) stop.abort();
      },
    });
    expect(stopped).toBe('aborted');
  }
  const last = await trainClassifier(runtime, inRounds, { resumeFolder });
  expect(Buffer.compare(last.onnx, whole.onnx)).toBe(0);
});

test('bags of one image are asked together, and the validation is judged cell by cell', async () => {
  const { history, metadata, stopped } = await trainClassifier(runtime, {
    ...{ ...recipe(), network: 'batch_norm', epochs: 1 },
    weakLabels: { ...DEFAULT_WEAK_LABELS, method: 'bags', bagSize: 2, pooling: 'log-sum-exp' },
  });
  expect(stopped).toBe('finished');
  expect(Object.keys(history[0].figures)).toEqual(expect.arrayContaining(['bags', 'loss', 'val_loss']));
  expect(history[0].figures).not.toHaveProperty('val_bags');
  expect(metadata.training).toMatchObject({ weakLabels: 'bags', bagSize: 2, pooling: 'log-sum-exp' });
});

test('a softmax learns from images of one location, and its scores sum to 1', async () => {
  const folder = join(root, 'several');
  await cp(data, folder, { recursive: true });
  const rows = Array.from({ length: FIELDS }, (_, i) => [
    `f${i}`,
    i === 0 ? '0|16' : i % 2 === 0 ? '0' : '16',
  ]);
  await writeTable(join(folder, 'train.csv'), ['ID', 'Label'], rows);
  const { onnx, metadata, leftOut } = await trainClassifier(runtime, {
    ...{ ...recipe(), data: [folder], network: 'invert_conv_dropout', epochs: 1, validationShare: 0 },
    activation: 'softmax',
  });
  expect(leftOut.cellsOfSeveral).toBeGreaterThan(0);
  expect(metadata).toMatchObject({ activation: 'softmax', training: { fields: FIELDS - 1 } });
  const classifier = await loadClassifier(runtime, onnx);
  const scores = await classifier.classify(new Float32Array(4 * 128 * 128).fill(0.5), 1);
  expect(scores.reduce((sum, score) => sum + score)).toBeCloseTo(1, 5);
  await classifier.release();
  await writeTable(
    join(folder, 'train.csv'),
    ['ID', 'Label'],
    rows.map(([id]) => [id, '0|16']),
  );
  await expect(
    trainClassifier(runtime, { ...recipe(), data: [folder], activation: 'softmax' }),
  ).rejects.toThrow('no image has a single location');
});

test('locations without a cell to learn from or to judge are told', async () => {
  const { leftOut, metadata } = await trainClassifier(runtime, {
    ...{ ...recipe(), network: 'batch_norm', epochs: 1, validationShare: 0 },
    fold: { number: 1, of: 5 },
  });
  expect(leftOut.untaught).toEqual(LOCATIONS.map((_, id) => id).filter((id) => id !== 0 && id !== 16));
  // One field of five is judged, and each shows one of the two.
  expect(leftOut.unjudged).toHaveLength(1);
  expect(metadata.training.untaught).toMatch(/^Nuclear membrane, Nucleoli, .*Negative$/);
});

test.each([
  ['epochs', 0, 'epochs is 0, expected a whole number from 1 on'],
  ['learningRate', 0, 'learningRate is 0, expected a number above 0'],
  ['validationShare', 1, 'validationShare is 1, expected a share from 0 to below 1'],
])('a recipe with %s %d is refused', async (name, value, message) => {
  await expect(trainClassifier(runtime, { ...recipe(), [name]: value })).rejects.toThrow(message);
});

test('an unknown network is named beside those there are', async () => {
  await expect(trainClassifier(runtime, { ...recipe(), network: 'big' })).rejects.toThrow(
    'unknown network "big": expected one of compact_residual',
  );
});

test('a folder without a usable field says what was missing', async () => {
  const folder = join(root, 'empty');
  await writeTable(join(folder, 'train.csv'), ['ID', 'Label'], [['x', '1']]);
  await writeFile(join(folder, 'x_red.png'), 'no picture');
  await expect(trainClassifier(runtime, { ...recipe(), data: [folder] })).rejects.toThrow(
    /no field with a label and a cell; .* 1 problem\(s\), the first: field x: no channel protein/,
  );
});
