import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Plane } from '../../src/imaging/index.js';
import { readLabelPng, writePlanePng } from '../../src/io/index.js';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();
const SIZE = 200;
/** A cell with a nucleus of 64 um2 in the middle, another of 26 um2, and one cell without nucleus. */
const CELLS = [
  { x: 50, y: 100, cell: 30, nucleus: 14 },
  { x: 140, y: 50, cell: 26, nucleus: 9 },
  { x: 140, y: 150, cell: 26, nucleus: 0 },
];

function paint(radius: (cell: (typeof CELLS)[number]) => number): Plane {
  const data = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < data.length; i++) {
    const inside = CELLS.some((c) => Math.hypot((i % SIZE) - c.x, Math.floor(i / SIZE) - c.y) < radius(c));
    data[i] = inside ? 200 : (i * 7919) % 3;
  }
  return { width: SIZE, height: SIZE, bitDepth: 8, data };
}

beforeAll(async () => {
  const cytoplasm = paint(({ cell }) => cell);
  await writePlanePng(join(fields, 'f_red.png'), cytoplasm);
  await writePlanePng(join(fields, 'f_yellow.png'), cytoplasm);
  await writePlanePng(join(fields, 'f_green.png'), cytoplasm);
  await writePlanePng(
    join(fields, 'f_blue.png'),
    paint(({ nucleus }) => nucleus),
  );
});

async function segment(out: string, ...options: string[]) {
  const args = ['segment', fields, '--out', out, '--pixel-size', '0.32', '--json', ...options];
  const result = await cytolocus(...args);
  expect(result.code, result.noted).toBe(0);
  return { ...result, json: JSON.parse(result.printed) };
}

test('cells without nucleus and small nuclei are left out or kept, as asked; each change does the field again', async () => {
  const out = temporaryFolder();
  const cells = async (...options: string[]) => (await segment(out, ...options)).json.fields[0].cells;
  expect(await cells()).toBe(1);
  expect(await cells('--min-nucleus-area', '20')).toBe(2);
  expect(await cells('--min-nucleus-area', '20', '--without-nucleus', 'keep')).toBe(3);
  expect(await cells('--min-nucleus-area', '20', '--min-cell-area', '250')).toBe(1);
  expect(await cells('--edge', 'drop')).toBe(1);
});

test('a cell without nucleus has a number in cells.png only', async () => {
  const out = temporaryFolder();
  await segment(out, '--without-nucleus', 'keep');
  const labelAt = async (name: string, { x, y }: { x: number; y: number }) => {
    const { data } = await readLabelPng(join(out, 'f', name));
    return data[y * SIZE + x];
  };
  expect(await labelAt('cells.png', CELLS[0])).toBe(1);
  expect(await labelAt('nuclei.png', CELLS[0])).toBe(1);
  expect(await labelAt('cells.png', CELLS[2])).toBeGreaterThan(1);
  expect(await labelAt('nuclei.png', CELLS[2])).toBe(0);
});

test('cytoplasm, merged mask and panels are written on request, and made up for where they are missing', async () => {
  const out = temporaryFolder();
  const path = (name: string) => join(out, 'f', `${name}.png`);
  await segment(out, '--no-overlay');
  expect(['overlay', 'cytoplasm', 'merged', 'panels'].filter((name) => existsSync(path(name)))).toEqual([]);
  const products = ['--cytoplasm', '--merged', '--panels'];
  const { noted } = await segment(out, ...products);
  expect(noted).toContain('done before');
  const [cells, nuclei, cytoplasm, merged] = await Promise.all(
    ['cells', 'nuclei', 'cytoplasm', 'merged'].map(async (name) => (await readLabelPng(path(name))).data),
  );
  expect(cytoplasm.every((label, i) => label === (nuclei[i] === 0 ? cells[i] : 0))).toBe(true);
  expect(merged.every((value, i) => value === (nuclei[i] > 0 ? 255 : cells[i] > 0 ? 127 : 0))).toBe(true);
  rmSync(path('panels'));
  await segment(out, ...products);
  expect(existsSync(path('panels'))).toBe(true);
});

test('what a field lacks is said, in words and in the JSON', async () => {
  const folder = temporaryFolder();
  for (const colour of ['red', 'green', 'blue']) {
    const plane = paint(colour === 'blue' ? ({ nucleus }) => nucleus : ({ cell }) => cell);
    await writePlanePng(join(folder, `g_${colour}.png`), plane);
  }
  const { code, printed, noted } = await cytolocus(
    'segment',
    folder,
    '--out',
    temporaryFolder(),
    '--pixel-size',
    '0.32',
    '--json',
  );
  expect(code).toBe(0);
  const warning = 'ER is missing: cells are outlined by microtubules alone';
  expect(noted).toContain(`warning: field g: ${warning}`);
  expect(JSON.parse(printed).fields[0].warnings).toEqual([
    { code: 'er-not-shown', values: { er: 'missing' }, message: warning },
  ]);
});

test.each([
  [1, 1],
  [1, 5000],
  [64, 64],
])('white images of %s x %s pixels have no cells, and say why', async (width, height) => {
  const folder = temporaryFolder();
  const data = new Uint8Array(width * height).fill(255);
  for (const colour of ['red', 'green', 'blue', 'yellow']) {
    await writePlanePng(join(folder, `w_${colour}.png`), { width, height, bitDepth: 8, data });
  }
  const { code, printed, noted } = await cytolocus('segment', folder, '--out', temporaryFolder(), '--panels');
  expect(code).toBe(0);
  expect(printed).toContain('1 fields done: 0 cells');
  expect(noted).toContain('the nuclei channel is dark');
});

test('an area below 0 is bad usage', async () => {
  const { code, noted } = await cytolocus('segment', fields, '--out', 'x', '--min-cell-area', '-3');
  expect(code).toBe(2);
  expect(noted).toMatch(/--min-cell-area is "-3", expected an area/);
});
