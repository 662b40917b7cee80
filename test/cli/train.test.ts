import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();

beforeAll(async () => {
  await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    '6',
    '--size',
    '192',
    '--seed',
    '21',
    '--labels',
    'balanced',
    '--out',
    fields,
  );
});

const SMALL = ['--epochs', '1', '--batch', '4', '--cells-per-field', '3', '--validation', '0.3'];

test('train classifier writes a network that predict takes, and a report', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'mine.onnx');
  const report = join(folder, 'report.html');
  const { code, noted, printed } = await cytolocus(
    ...['train', 'classifier', '--data', fields, '--out', out, '--report', report, ...SMALL],
  );
  expect(code).toBe(0);
  expect(noted).toMatch(/Epoch 1\/1 .*loss \d/);
  expect(printed).toMatch(/validation: ranking of \d+ cells/);
  expect(readFileSync(report, 'utf8')).toContain('<svg');
  expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toMatch(/^epoch,.*loss/);
  const prediction = await cytolocus('predict', fields, '--model', out, '--out', join(folder, 'out'));
  expect(prediction.code).toBe(0);
});

test('labels without images and unknown classes are told, not swallowed', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'mine.onnx');
  const lonely = temporaryFolder();
  writeFileSync(join(lonely, 'train.csv'), 'ID,Label\nnobody,3\n');
  const missing = await cytolocus('train', 'classifier', '--data', lonely, '--out', out, ...SMALL);
  expect(missing.code).toBe(1);
  expect(missing.noted).toMatch(/^error: /);
  writeFileSync(join(lonely, 'train.csv'), 'ID,Label\nnobody,33\n');
  const unknown = await cytolocus('train', 'classifier', '--data', lonely, '--out', out, ...SMALL);
  expect(unknown.code).toBe(1);
  expect(unknown.noted).toMatch(/train\.csv, line 2.*33/);
  expect(existsSync(out)).toBe(false);
});
