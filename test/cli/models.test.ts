import { mkdirSync, writeFileSync } from 'node:fs';
import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeNpy, loadRuntime, openModelPackage } from '../../src/io/index.js';
import { openPackageNetwork, runSynthesis, SHIPPED_CLASSIFIER } from '../../src/runs/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { exampleSegmenter } from '../networks/example-segmenter.js';
import { cytolocus, sharedFolder } from './harness.js';

const root = sharedFolder();
const nuclei = join(root, 'mine.onnx');
writeFileSync(nuclei, exampleSegmenter('nuclei_unet'));
writeFileSync(join(root, 'broken.onnx'), 'no network');
mkdirSync(join(root, 'empty'));
writeFileSync(join(root, 'empty', 'note.txt'), '');
const fields = join(root, 'fields');
await runSynthesis(1, { ...defaultSynthSettings, width: 96, height: 96 }, fields, { workers: 1 });
const wider = join(root, 'wider');
await runSynthesis(4, { ...defaultSynthSettings, width: 224, height: 224 }, wider, { workers: 1 });

test.each(['package', 'package.zip'])(
  'a network exported as %s gives its test output for its test input',
  async (name) => {
    const out = join(root, name);
    const { code } = await cytolocus('models', 'export', nuclei, '--out', out);
    expect(code).toBe(0);
    const files = await openModelPackage(out);
    const { network } = await openPackageNetwork(await loadRuntime(), out);
    expect(network).toMatchObject({ target: 'nuclei', channels: ['nuclei'], pixelSizeUm: 0.32 });
    const input = decodeNpy(await files.readFile('test_input.npy'), 'input');
    const expected = decodeNpy(await files.readFile('test_output.npy'), 'output');
    const [, , height, width] = input.shape;
    const found = await network.runRaw([{ width, height, bitDepth: 32, data: input.data }]);
    expect(expected.shape).toEqual([1, 3, height, width]);
    expect(found[0].data).toEqual(expected.data.subarray(0, width * height));
    await network.release();
  },
);

test('models show says what a file is', async () => {
  const { code, printed } = await cytolocus('models', 'show', nuclei, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({
    kind: 'segmenter',
    properties: { 'cytolocus.network': 'nuclei_unet' },
  });
  expect((await cytolocus('models', 'show', 'classifier')).printed).toMatch(/cytolocus\.kind +classifier/);
});

test('calibrate writes a classifier whose scores are nearer to what the cells show', async () => {
  const out = join(root, 'calibrated.onnx');
  const before = await cytolocus(
    'models',
    'calibrate',
    SHIPPED_CLASSIFIER,
    '--data',
    wider,
    '--out',
    out,
    '--json',
  );
  expect(before.code).toBe(0);
  const { calibration, judged } = JSON.parse(before.printed);
  expect(calibration.fields).toBe(4);
  expect(calibration.slopes).toHaveLength(19);
  expect(judged.after.ece).toBeGreaterThan(0);
  const shown = JSON.parse((await cytolocus('models', 'show', out, '--json')).printed);
  expect(JSON.parse(shown.properties['cytolocus.calibration'])).toEqual(calibration);
  const again = await cytolocus('models', 'calibrate', out, '--data', wider, '--out', out, '--json');
  expect(JSON.parse(again.printed).calibration).toEqual(calibration);
});

test('calibrate learns a field model first where it is given labelled fields, and says what it could not use', async () => {
  const out = join(root, 'related.onnx');
  const labels = join(root, 'labels');
  await cp(wider, labels, { recursive: true });
  await appendFile(join(labels, 'train.csv'), 'gone,3\n');
  const { code, noted } = await cytolocus(
    'models',
    'calibrate',
    SHIPPED_CLASSIFIER,
    ...['--data', wider, '--field-model', labels, '--out', out],
  );
  expect([code, noted]).toEqual([0, 'warning: 1 labels without an image, left out: gone']);
  const shown = JSON.parse((await cytolocus('models', 'show', out, '--json')).printed).properties;
  expect(JSON.parse(shown['cytolocus.fieldModel']).fields).toBe(4);
  expect(JSON.parse(shown['cytolocus.prediction'])).toMatchObject({ fieldContext: true });
});

test('calibrate wants a classifier, and fields with truth', async () => {
  const wrong = await cytolocus(
    'models',
    'calibrate',
    nuclei,
    '--data',
    fields,
    '--out',
    join(root, 'no.onnx'),
  );
  expect([wrong.code, wrong.noted]).toEqual([
    1,
    expect.stringContaining('is a segmenter; expected a classifier'),
  ]);
  const empty = await cytolocus(
    'models',
    'calibrate',
    SHIPPED_CLASSIFIER,
    '--data',
    root,
    '--out',
    join(root, 'no.onnx'),
  );
  expect([empty.code, empty.noted]).toEqual([1, expect.stringContaining('cells.csv')]);
});

test.each([
  ['gone', 2, /expected network, classical, or a network's file or folder/],
  ['broken.onnx', 1, /broken\.onnx: the file is not an ONNX model/],
  ['empty', 1, /empty: holds no segmenter/],
  ['gone.zip', 1, /gone\.zip: there is no such file/],
  ['compat:gone', 1, /nuclei-model\.onnx: there is no such file/],
])('--segmenter %s ends with %i and one clear message', async (name, expected, message) => {
  const given = name.startsWith('compat:') ? `compat:${join(root, 'gone')}` : join(root, name);
  const { code, noted } = await cytolocus(
    'segment',
    fields,
    '--segmenter',
    given,
    '--out',
    join(root, 'out'),
  );
  expect(code).toBe(expected);
  expect(noted).toMatch(message);
  expect(noted.split('\n')).toHaveLength(1);
});

test('a classifier is no segmenter', async () => {
  const { code, noted } = await cytolocus(
    'segment',
    fields,
    '--segmenter',
    SHIPPED_CLASSIFIER,
    '--out',
    join(root, 'out'),
  );
  expect(code).toBe(1);
  expect(noted).toMatch(/classifier\.onnx: the network is a classifier; expected a segmenter/);
});

test('export of what is no segmenter, and of nothing', async () => {
  const out = join(root, 'never');
  expect((await cytolocus('models', 'export', 'classifier', '--out', out)).noted).toMatch(
    /expected a segmenter/,
  );
  expect((await cytolocus('models', 'export', 'gone', '--out', out)).code).toBe(2);
});

test('adapt learns from labelled fields, says how it ranks each, and calibrates what it writes', async () => {
  const out = join(root, 'adapted.onnx');
  const adapt = (...more: string[]) =>
    cytolocus('models', 'adapt', SHIPPED_CLASSIFIER, '--data', wider, '--keep', wider, '--out', out, ...more);
  const small = ['--folds', '2', '--epochs', '1', '--cells-per-field', '2', '--negative', 'geometric'];
  const { code, printed } = await adapt(...small, '--calibrate', wider, '--field-model', wider);
  expect(code).toBe(0);
  expect(printed).toMatch(/^each field as ranked without its fold \(2 folds of 4 fields\):/);
  expect(printed).toMatch(
    /after: {2}mean average precision [01]\.\d+, a label in first place in \d+ % of the fields/,
  );
  expect(printed).toMatch(/expected calibration error [\d.]+ -> [\d.]+/);
  const shown = JSON.parse((await cytolocus('models', 'show', out, '--json')).printed).properties;
  expect(JSON.parse(shown['cytolocus.prediction'])).toEqual({
    turns: 1,
    negative: 'geometric',
    fieldContext: true,
  });
  expect(JSON.parse(shown['cytolocus.fieldModel']).fields).toBe(4);
  expect(JSON.parse(shown['cytolocus.training'])).toMatchObject({ adaptedOnFields: 4 });
  const without = await adapt(...small, '--json');
  expect(without.noted).toContain('the field model of the classifier belongs to its former scores');
  expect(JSON.parse(without.printed).metadata).not.toHaveProperty('fieldModel');
  const wrong = await adapt('--labels', join(wider, 'train.csv'), join(wider, 'train.csv'));
  expect(wrong.code).toBe(2);
  expect(wrong.noted).toContain('--labels names 2 table(s) for 1 folder(s)');
});
