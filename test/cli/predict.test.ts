import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { measureRegions } from '../../src/imaging/index.js';
import { readLabelPng, readTable, writePlanePng } from '../../src/io/index.js';
import { decodeSubmissionMask, rleArea } from '../../src/masks/index.js';
import { quartetAsOmeTiff } from '../io/ome.js';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const fields = sharedFolder();
const [FIRST, SECOND] = ['synth-7-00000', 'synth-7-00001'];

beforeAll(async () => {
  const { code, noted } = await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    '2',
    '--size',
    '320x256',
    '--seed',
    '7',
    '--out',
    fields,
  );
  expect(noted).toContain(SECOND);
  expect(code).toBe(0);
});

test('predict writes tables, label images, overlays and a submission that agree with each other', async () => {
  const out = temporaryFolder();
  const { code, printed, noted } = await cytolocus(
    'predict',
    fields,
    '--out',
    out,
    '--submission',
    '--overlay',
  );
  expect(code).toBe(0);
  expect(noted).toContain('[2/2]');
  expect(noted).toContain('--pixel-size');
  expect(printed).toContain('2 fields done');

  const cells = await readTable(join(out, 'cells.csv'), ['field', 'cell', 'area_um2', ...LOCATIONS]);
  const submission = await readTable(join(out, 'submission.csv'), [
    'ID',
    'ImageWidth',
    'ImageHeight',
    'PredictionString',
  ]);
  expect(
    submission.rows.map((row) => [row.get('ID'), row.get('ImageWidth'), row.get('ImageHeight')]),
  ).toEqual([
    [FIRST, '320', '256'],
    [SECOND, '320', '256'],
  ]);
  for (const row of submission.rows) {
    const id = row.get('ID');
    const labels = await readLabelPng(join(out, id, 'cells.png'));
    expect([labels.width, labels.height]).toEqual([320, 256]);
    const regions = measureRegions(labels);
    const rows = cells.rows.filter((cell) => cell.get('field') === id);
    expect(regions.length).toBeGreaterThan(0);
    expect(rows.map((cell) => Number(cell.get('cell')))).toEqual(regions.map(({ label }) => label));
    const words = row.get('PredictionString').split(' ');
    expect(words).toHaveLength(regions.length * 19 * 3);
    expect(rleArea(decodeSubmissionMask(words[2], 320, 256))).toBe(regions[0].areaPx);
    expect(Number(words[1])).toBeCloseTo(Number(rows[0].get('Nucleoplasm')), 3);
    expect(existsSync(join(out, id, 'overlay.png'))).toBe(true);
  }
  const summary = await readTable(join(out, 'fields.csv'), [
    'field',
    'cells',
    'Negative',
    'variation Negative',
  ]);
  expect(summary.rows.map((row) => row.get('field'))).toEqual([FIRST, SECOND]);
});

test('run again, predict does only what is missing', async () => {
  const out = temporaryFolder();
  await cytolocus('predict', fields, '--out', out);
  const written = (id: string) => statSync(join(out, id, 'cells.png')).mtimeMs;
  const [first, second] = [written(FIRST), written(SECOND)];
  rmSync(join(out, SECOND, 'prediction.json'));
  const { noted } = await cytolocus('predict', fields, '--out', out, '--overlay');
  expect(noted).toContain(`${FIRST}: `);
  expect(noted.match(/done before/g)).toHaveLength(1);
  expect(written(FIRST)).toBe(first);
  expect(written(SECOND)).toBeGreaterThan(second);
  expect(existsSync(join(out, FIRST, 'overlay.png'))).toBe(true);
});

test('a changed input or another option makes the field anew', async () => {
  const input = temporaryFolder();
  const out = temporaryFolder();
  for (const name of readdirSync(fields).filter((file) => file.startsWith(FIRST))) {
    copyFileSync(join(fields, name), join(input, name));
  }
  await cytolocus('predict', input, '--out', out);
  expect((await cytolocus('predict', input, '--out', out)).noted).toContain('done before');
  expect((await cytolocus('predict', input, '--out', out, '--edge', 'drop')).noted).not.toContain(
    'done before',
  );
  copyFileSync(join(fields, `${SECOND}_green.png`), join(input, `${FIRST}_green.png`));
  expect((await cytolocus('predict', input, '--out', out, '--edge', 'drop')).noted).not.toContain(
    'done before',
  );
});

test('cells at the border are kept, weighted or dropped, in tables and label images alike', async () => {
  const out = temporaryFolder();
  const edges = async (edge: string) => {
    await cytolocus('predict', fields, '--out', out, '--edge', edge);
    const table = await readTable(join(out, 'cells.csv'), ['touches_edge', ...LOCATIONS]);
    return table.rows.map((row) => ({
      edge: row.get('touches_edge') === '1',
      sum: LOCATIONS.reduce((sum, name) => sum + Number(row.get(name)), 0),
    }));
  };
  const kept = await edges('keep');
  const weighted = await edges('weight');
  expect(kept.filter(({ edge }) => edge).length).toBeGreaterThan(0);
  expect(weighted).toHaveLength(kept.length);
  kept.forEach(({ sum }, i) => {
    expect(weighted[i].sum).toBeLessThanOrEqual(sum);
  });
  const dropped = await edges('drop');
  expect(dropped).toHaveLength(kept.filter(({ edge }) => !edge).length);
  const labels = await readLabelPng(join(out, FIRST, 'cells.png'));
  expect(measureRegions(labels).some(({ touchesEdge }) => touchesEdge)).toBe(false);
});

test('a bad field is named, the others are done, and the exit code is 1', async () => {
  const input = temporaryFolder();
  const out = temporaryFolder();
  for (const name of readdirSync(fields).filter((file) => file.startsWith(FIRST))) {
    for (const id of ['cut', 'fine', 'lone', 'text'])
      copyFileSync(join(fields, name), join(input, name.replace(FIRST, id)));
  }
  const red = readFileSync(join(input, 'cut_red.png'));
  writeFileSync(join(input, 'cut_red.png'), red.subarray(0, red.length >> 1));
  rmSync(join(input, 'lone_blue.png'));
  writeFileSync(join(input, 'text_green.png'), 'not a picture');
  const { code, noted } = await cytolocus('predict', input, '--out', out);
  expect(code).toBe(1);
  expect(noted).toMatch(/error: field cut: .*cut_red\.png: the picture is cut short or damaged/);
  expect(noted).toMatch(/error: field lone: no channel nuclei \(blue\); /);
  expect(noted).toMatch(/error: field text: .*text_green\.png: is a text file/);
  const table = await readTable(join(out, 'fields.csv'));
  expect(table.rows.map((row) => row.get('field'))).toEqual(['fine']);
});

test('inputs without a field leave earlier tables alone', async () => {
  const out = temporaryFolder();
  await cytolocus('predict', fields, '--out', out);
  const before = readFileSync(join(out, 'cells.csv'), 'utf8');
  const empty = temporaryFolder();
  expect(await cytolocus('predict', empty, '--out', out)).toMatchObject({ code: 1, printed: '' });
  expect(readFileSync(join(out, 'cells.csv'), 'utf8')).toBe(before);
});

test('an all-black field is a result: no cells', async () => {
  const input = temporaryFolder();
  const out = temporaryFolder();
  await writeBlackField(input);
  const { code, printed } = await cytolocus('predict', input, '--out', out, '--submission', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(printed).fields).toMatchObject([{ field: 'black', cells: 0, locations: [] }]);
  expect(await readTable(join(out, 'cells.csv'))).toMatchObject({ rows: [] });
});

test('what cannot be written is said once, before any work', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const { code, noted } = await cytolocus('predict', fields, '--out', join(folder, 'file', 'out'));
  expect(code).toBe(1);
  expect(noted).toMatch(/^error: .*cannot write/);
});

test('a network that is none is refused', async () => {
  const folder = temporaryFolder();
  const model = join(folder, 'model.onnx');
  writeFileSync(model, 'no network');
  const { code, noted } = await cytolocus('predict', fields, '--out', join(folder, 'out'), '--model', model);
  expect(code).toBe(1);
  expect(noted).toMatch(/^error: .*model\.onnx/);
});

test('--explain draws each cell with its best two locations, afterwards too, and only what is missing', async () => {
  const out = temporaryFolder();
  await cytolocus('predict', fields, '--out', out);
  expect(existsSync(join(out, FIRST, 'explain.png'))).toBe(false);
  const { code, noted } = await cytolocus('predict', fields, '--out', out, '--explain');
  expect([code, noted]).toEqual([0, expect.stringContaining('done before')]);
  const cells = await readTable(join(out, 'cells.csv'), ['field', 'cell', 'top', 'runner_up', 'verdict']);
  const expected = cells.rows
    .filter((row) => row.get('field') === FIRST)
    .map((row) => `${row.get('cell')} ${row.get('top')}, ${row.get('runner_up')}.png`.toLowerCase());
  expect(readdirSync(join(out, FIRST, 'explain')).sort()).toEqual(expected.sort());
  const overview = join(out, FIRST, 'explain.png');
  const before = statSync(overview).mtimeMs;
  await cytolocus('predict', fields, '--out', out, '--explain');
  expect(statSync(overview).mtimeMs).toBe(before);
});

test('segment writes label images and overlays, and a table without scores', async () => {
  const out = temporaryFolder();
  const { code, printed } = await cytolocus('segment', fields, '--out', out, '--json');
  expect(code).toBe(0);
  const [first] = JSON.parse(printed).fields;
  expect(first.cells).toBeGreaterThan(0);
  expect(first.medianCellAreaUm2).toBeGreaterThan(first.medianNucleusAreaUm2);
  expect(existsSync(join(out, FIRST, 'overlay.png'))).toBe(true);
  const table = await readTable(join(out, 'cells.csv'));
  expect(table.columns.slice(-2)).toEqual(['nucleus_area_um2', 'protein_mean']);
});

async function writeBlackField(folder: string): Promise<void> {
  const plane = { width: 40, height: 30, bitDepth: 8 as const, data: new Uint8Array(1200) };
  for (const colour of ['red', 'green', 'blue', 'yellow']) {
    await writePlanePng(join(folder, `black_${colour}.png`), plane);
  }
}

test('predict writes COCO results of all fields and GeoJSON of each, from files of other names', async () => {
  const renamed = temporaryFolder();
  const names = { red: 'tubulin', green: 'gfp', blue: 'DAPI', yellow: 'calr' };
  for (const [colour, name] of Object.entries(names)) {
    for (const id of [FIRST, SECOND]) {
      copyFileSync(join(fields, `${id}_${colour}.png`), join(renamed, `${id}_${name}.png`));
    }
  }
  const out = temporaryFolder();
  const channels = 'tubulin=microtubules,gfp=protein,dapi=nuclei,calr=er';
  const { code } = await cytolocus(
    ...['predict', renamed, '--out', out, '--channels', channels, '--coco', '--geojson'],
  );
  expect(code).toBe(0);
  const cells = await readTable(join(out, 'cells.csv'), ['field', 'cell', ...LOCATIONS]);
  const coco: { image_id: string; category_id: number; score: number; cell: number }[] = JSON.parse(
    readFileSync(join(out, 'coco.json'), 'utf8'),
  );
  expect(coco).toHaveLength(cells.rows.length * LOCATIONS.length);
  expect([...new Set(coco.map(({ image_id }) => image_id))]).toEqual([FIRST, SECOND]);
  for (const { image_id, cell, category_id, score } of coco) {
    const row = cells.rows.find(
      (found) => found.get('field') === image_id && found.get('cell') === `${cell}`,
    );
    expect(Number(row?.get(LOCATIONS[category_id - 1]))).toBeCloseTo(score, 3);
  }
  for (const id of [FIRST, SECOND]) {
    const { features } = JSON.parse(readFileSync(join(out, id, 'cells.geojson'), 'utf8'));
    expect(features).toHaveLength(cells.rows.filter((row) => row.get('field') === id).length);
  }
});

test('an OME-TIFF gives what its four files give; channels named otherwise are another result', async () => {
  const folder = temporaryFolder();
  const path = join(folder, `${FIRST}.ome.tif`);
  writeFileSync(path, await quartetAsOmeTiff(fields, FIRST));
  const files = temporaryFolder();
  await cytolocus('predict', join(fields, `${FIRST}_red.png`), '--out', files);
  const out = temporaryFolder();
  const { code, noted } = await cytolocus('predict', folder, '--out', out);
  expect(code).toBe(0);
  expect(noted).not.toContain('no pixel size');
  const cells = (of: string) => readFileSync(join(of, 'cells.csv'), 'utf8');
  expect(cells(out)).toBe(cells(files));
  for (const name of ['cells.png', 'nuclei.png']) {
    expect(readFileSync(join(out, FIRST, name))).toEqual(readFileSync(join(files, FIRST, name)));
  }
  const swapped = ['--channels', 'dapi=nuclei,tubulin=protein,target=microtubules'];
  const again = await cytolocus('segment', path, '--out', out, ...swapped);
  expect([again.code, again.noted]).toEqual([0, expect.not.stringContaining('done before')]);
  expect(cells(out)).not.toBe(cells(files));
});

test('crops of an OME-TIFF are those of its four files', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, `${FIRST}.ome.tif`),
    await quartetAsOmeTiff(fields, FIRST, ['a', 'b', 'c', 'd']),
  );
  const names = ['--channel-names', '1=nuclei,2=protein,3=microtubules,d=er'];
  const crops = async (...args: string[]) => {
    const out = temporaryFolder();
    const { code } = await cytolocus('crops', ...args, '--workers', '1', '--size', '64', '--out', out);
    expect(code).toBe(0);
    const [store] = readdirSync(out).filter((name) => name.endsWith('.npy'));
    return readFileSync(join(out, store));
  };
  expect(await crops(folder, ...names)).toEqual(await crops(join(fields, `${FIRST}_red.png`)));
});

test('the same files under other channel names are another field', async () => {
  const folder = temporaryFolder();
  const letters = { red: 'a', green: 'b', blue: 'c' };
  for (const [colour, letter] of Object.entries(letters)) {
    copyFileSync(join(fields, `${FIRST}_${colour}.png`), join(folder, `x_${letter}.png`));
  }
  const out = temporaryFolder();
  const segment = (channels: string) =>
    cytolocus('segment', folder, '--out', out, '--no-overlay', '--channels', channels);
  await segment('a=microtubules,b=protein,c=nuclei');
  expect((await segment('c=nuclei,b=protein,a=microtubules')).noted).toContain('done before');
  expect((await segment('b=microtubules,a=protein,c=nuclei')).noted).not.toContain('done before');
  rmSync(join(folder, 'x_c.png'));
  const { noted } = await segment('a=microtubules,b=protein,c=nuclei,d=er');
  expect(noted).toMatch(
    /no channel nuclei \(c\); found only .*; add x_c\.png .*only er \(d\) may be missing/,
  );
});

test.each([
  'red=microtubules',
  'red=tubes,green=protein,blue=nuclei',
  'a=nuclei,b=nuclei,c=protein,d=microtubules',
])('--channels %s is bad usage', async (channels) => {
  const { code, noted } = await cytolocus(
    'predict',
    fields,
    '--out',
    temporaryFolder(),
    '--channels',
    channels,
  );
  expect(code).toBe(2);
  expect(noted).toContain('what files call each channel');
});
