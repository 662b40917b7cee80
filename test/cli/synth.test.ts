import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureRegions } from '../../src/imaging/index.js';
import { readLabelPng, readTable } from '../../src/io/index.js';
import { cytolocus, temporaryFolder } from './harness.js';

const synth = (out: string, images: number, ...more: string[]) =>
  cytolocus('synth', '--images', `${images}`, '--size', '192', '--seed', '5', '--out', out, ...more);

test('synth writes images, labels and a truth that fits its label images', async () => {
  const out = temporaryFolder();
  expect((await synth(out, 2)).code).toBe(0);
  expect(readdirSync(out).sort()).toEqual([
    'settings.json',
    ...['00000', '00001'].flatMap((n) =>
      ['blue', 'green', 'red', 'yellow'].map((colour) => `synth-5-${n}_${colour}.png`),
    ),
    'train.csv',
    'truth',
  ]);
  const labels = await readTable(join(out, 'train.csv'), ['ID', 'Label']);
  expect(labels.rows).toHaveLength(2);
  for (const row of labels.rows) expect(row.get('Label')).toMatch(/^\d+(\|\d+)*$/);
  const truth = await readTable(join(out, 'truth', 'cells.csv'), ['field', 'cell', 'locations']);
  const cells = await readLabelPng(join(out, 'truth', 'synth-5-00000', 'cells.png'));
  const listed = truth.rows
    .filter((row) => row.get('field') === 'synth-5-00000')
    .map((row) => Number(row.get('cell')));
  expect(listed).toEqual(measureRegions(cells).map(({ label }) => label));
});

test('the same seed gives the same files; a stopped run makes only what is missing', async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()];
  await synth(first, 3);
  await synth(second, 2);
  const kept = statSync(join(second, 'synth-5-00000_red.png')).mtimeMs;
  rmSync(join(second, 'truth', 'synth-5-00001', 'truth.json'));
  const { printed } = await synth(second, 3, '--json');
  expect(JSON.parse(printed)).toMatchObject({ fields: 3, kept: 1 });
  expect(statSync(join(second, 'synth-5-00000_red.png')).mtimeMs).toBe(kept);
  for (const name of readdirSync(first, { recursive: true, encoding: 'utf8' })) {
    if (!/\.\w+$/.test(name)) continue;
    expect(readFileSync(join(second, name)).equals(readFileSync(join(first, name))), name).toBe(true);
  }
});

test('a folder of other settings is left alone', async () => {
  const out = temporaryFolder();
  await synth(out, 1);
  const { code, noted } = await synth(out, 1, '--labels', 'balanced');
  expect(code).toBe(1);
  expect(noted).toMatch(/holds synthetic fields of other settings/);
});

test('wrong settings get a clear error', async () => {
  const out = temporaryFolder();
  const { code, noted } = await cytolocus('synth', '--images', '1', '--size', '0', '--out', out);
  expect(code).toBe(1);
  expect(noted).toMatch(/error: synthetic fields: width is 0, expected a whole number from 1/);
});
