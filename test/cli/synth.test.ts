import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureRegions } from '../../src/imaging/index.js';
import { readLabelPng, readTable } from '../../src/io/index.js';
import { cytolocus, temporaryFolder } from './harness.js';

const synth = (out: string, images: number, ...more: string[]) =>
  cytolocus(
    'synth',
    ...['--images', `${images}`, '--size', '192', '--seed', '5', '--workers', '1', '--out', out],
    ...more,
  );

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

test('any number of workers writes the same files', async () => {
  const [one, two] = [temporaryFolder(), temporaryFolder()];
  expect((await synth(one, 3)).code).toBe(0);
  expect((await synth(two, 3, '--workers', '2')).code).toBe(0);
  const names = readdirSync(one, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    expect(readFileSync(join(two, name)).equals(readFileSync(join(one, name))), name).toBe(true);
  }
}, 180_000);

test('the settings file of a folder makes the same fields again; options win over it', async () => {
  const [first, again] = [temporaryFolder(), temporaryFolder()];
  await synth(first, 1, '--style', 'compact', '--bit-depth', '16', '--locations', 'Golgi apparatus,14');
  const file = join(first, 'settings.json');
  const copied = await cytolocus('synth', '--settings', file, '--images', '1', '--out', again);
  expect(copied.code).toBe(0);
  const name = 'synth-5-00000_green.png';
  expect(readFileSync(join(again, name)).equals(readFileSync(join(first, name)))).toBe(true);
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  expect(settings).toMatchObject({ style: 'compact', bitDepth: 16, locations: [7, 14] });
  const other = temporaryFolder();
  await cytolocus('synth', '--settings', file, '--seed', '6', '--images', '1', '--out', other);
  expect(readdirSync(other)).toContain('synth-6-00000_green.png');
});

test.each<[string, string[], number, RegExp]>([
  ['negative number of fields', ['--images=-3'], 2, /--images is "-3", expected a whole number from 1/],
  ['unknown location', ['--locations', 'Golgi,nowhere'], 1, /unknown location "Golgi"/],
  ['neither fields nor report', [], 2, /--out <dir>.*--report <page>/],
  ['report without real data', ['--report', 'x.html'], 2, /--report and --real go together/],
  ['unknown style', ['--style', 'round'], 2, /style.*round/],
  ['no such settings file', ['--settings', 'none.json', '--out', 'x'], 1, /none\.json/],
])('%s is said', async (_, options, code, message) => {
  const run = await cytolocus('synth', ...options);
  expect(run.noted).toMatch(message);
  expect(run.code).toBe(code);
});

test('a settings file with an entry that settings do not have, or no JSON, is named', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 's.json');
  writeFileSync(path, '{"cells": 4, "sise": 3}');
  const unknown = await cytolocus('synth', '--settings', path, '--out', join(folder, 'out'));
  expect(unknown.noted).toMatch(/s\.json: not settings of synthetic fields: .*sise/);
  writeFileSync(path, '{');
  expect((await cytolocus('synth', '--settings', path, '--out', folder)).noted).toMatch(
    /s\.json: not a JSON file/,
  );
  writeFileSync(path, '{"cells": -4}');
  expect((await cytolocus('synth', '--settings', path, '--out', folder)).noted).toMatch(
    /cells is -4, expected/,
  );
});

test('a place that cannot be written is said before any work', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { code, noted } = await synth(join(file, 'out'), 1);
  expect(code).toBe(1);
  expect(noted).toMatch(/error: .*file/);
});

test.skipIf(process.platform === 'win32')('a folder without write permission is named', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o555);
  // Root may write anywhere: meanwhile we are nobody.
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    const { code, noted } = await synth(join(folder, 'out'), 1);
    expect(code).toBe(1);
    expect(noted).toMatch(/error: .*out: cannot write out \(EACCES\)/);
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  }
});
