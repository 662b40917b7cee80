import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { readTable, writeTable } from '../../src/io/index.js';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();
const truth = join(fields, 'truth');

beforeAll(async () => {
  await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    '3',
    '--size',
    '256',
    '--seed',
    '11',
    '--labels',
    'balanced',
    '--out',
    fields,
  );
}, 60_000);

/** A folder of predictions that repeats the truth: its outlines, score 1 for each true location and 0 for the others. */
async function perfectPredictions(): Promise<string> {
  const out = temporaryFolder();
  const table = await readTable(join(truth, 'cells.csv'), ['field', 'cell', 'locations']);
  for (const field of new Set(table.rows.map((row) => row.get('field')))) {
    mkdirSync(join(out, field));
    cpSync(join(truth, field, 'cells.png'), join(out, field, 'cells.png'));
  }
  const rows = table.rows.map((row) => {
    const locations = row.get('locations').split('|').map(Number);
    return [row.get('field'), row.get('cell'), ...LOCATIONS.map((_, id) => (locations.includes(id) ? 1 : 0))];
  });
  await writeTable(join(out, 'cells.csv'), ['field', 'cell', ...LOCATIONS], rows);
  return out;
}

const evaluate = async (predictions: string, truthFolder = truth) => {
  const result = await cytolocus('evaluate', '--truth', truthFolder, '--predictions', predictions, '--json');
  return { ...result, json: result.code === 0 ? JSON.parse(result.printed) : null };
};

test('the truth itself scores 1 everywhere', async () => {
  const { json } = await evaluate(await perfectPredictions());
  expect(json.mAP).toBe(1);
  expect(json.segmentation).toMatchObject({ ap50: 1, ap60: 1, ap75: 1, f1_50: 1, f1_75: 1 });
  expect(json.segmentation).toMatchObject({ panopticQuality: 1, oversegmented: 0, undersegmented: 0 });
  expect(json).toMatchObject({
    mAP50to95: 1,
    foundCells: { exactMatch: 1 },
    calibration: { ece: 0, brier: 0 },
  });
  expect(json.images).toBe(3);
  const known = Object.values(json.perLocation).filter((ap) => ap !== null);
  expect(known.length).toBeGreaterThan(0);
  expect(known.every((ap) => ap === 1)).toBe(true);
  expect(Object.keys(json.perLocation)).toEqual([...LOCATIONS]);
});

test('a field without prediction counts as missed, and is named', async () => {
  const predictions = await perfectPredictions();
  rmSync(join(predictions, 'synth-11-00001'), { recursive: true });
  const { json, noted } = await evaluate(predictions);
  expect(json.mAP).toBeLessThan(1);
  expect(json.segmentation.ap50).toBeLessThan(1);
  expect(noted).toMatch(/1 fields of the truth have no prediction.*synth-11-00001/);
});

test('without cells.csv in the truth only the outlines are scored', async () => {
  const bare = temporaryFolder();
  cpSync(truth, bare, { recursive: true });
  rmSync(join(bare, 'cells.csv'));
  const { json } = await evaluate(await perfectPredictions(), bare);
  expect(json).not.toHaveProperty('mAP');
  expect(json).toMatchObject({ segmentation: { ap50: 1 }, images: 3 });
  expect(Object.keys(json.intervals)).toEqual(['f1_60']);
});

test('a folder without truth is refused', async () => {
  const { code, noted } = await evaluate(await perfectPredictions(), temporaryFolder());
  expect(code).toBe(1);
  expect(noted).toMatch(/no truth found/);
});
