import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore, openStoreForAppend, readCrops } from '../../src/dataset/index.js';
import { temporaryFolder } from '../cli/harness.js';
import { CROP_BYTES, cellsOf, cropsOf, DESCRIPTION, writeStore } from './store.js';

/** The first byte of each crop that a store gives. */
async function firstBytes(folder: string, damaged: 'refuse' | 'omit' = 'refuse'): Promise<number[]> {
  const store = await openStore(folder, { damaged });
  const crops = await readCrops(store, store.cells);
  return store.cells.map((_, i) => crops[i * CROP_BYTES]);
}

const shard = (folder: string, number: number) => join(folder, `crops-0000${number}.npy`);

test('what was written is read, over the borders of shards', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [
    ['a', 3],
    ['b', 0],
    ['c', 6],
  ]);
  const store = await openStore(folder);
  expect(store.description).toEqual(DESCRIPTION);
  expect(store.cells.map(({ shard, row }) => [shard, row])).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => [Math.floor(i / 4), i % 4]),
  );
  expect(store.cells.slice(3, 5)).toMatchObject(cellsOf('c', 2));
  const crops = await readCrops(store, [store.cells[8], store.cells[0], store.cells[1]]);
  expect(crops).toEqual(Uint8Array.from([...Array(18).fill(26), ...Array(18).fill(1), ...Array(18).fill(2)]));
});

test('a store grows: what is there stays byte for byte, finished fields are known', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 3]]);
  const before = readFileSync(shard(folder, 0));
  const writer = await openStoreForAppend(folder, DESCRIPTION);
  expect([...writer.finished]).toEqual([['a', { field: 'a', cells: 3, fingerprint: 'as made' }]]);
  await expect(writer.append('a', [], new Uint8Array(0), '')).rejects.toThrow('field a are there already');
  await writer.append('b', cellsOf('b', 2), cropsOf(2, 50), '');
  expect(writer.count).toBe(5);
  await writer.close();
  expect(readFileSync(shard(folder, 0)).subarray(128, before.length)).toEqual(before.subarray(128));
  expect(await firstBytes(folder)).toEqual([1, 2, 3, 51, 52]);
});

test('a writer that was stopped within a field: only the rest is added', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 6]]);
  // As if killed after the bytes of the second shard, in the middle of its rows.
  const table = join(folder, 'cells.csv');
  const lines = readFileSync(table, 'utf8').split('\n');
  writeFileSync(table, `${lines.slice(0, 6).join('\n')}\n${lines[6].slice(0, 7)}`);
  writeFileSync(join(folder, 'fields.csv'), 'field,cells,finger');
  expect(await firstBytes(folder)).toEqual([1, 2, 3, 4, 5]);
  const writer = await openStoreForAppend(folder, DESCRIPTION);
  expect([writer.finished.size, writer.count]).toEqual([0, 5]);
  await writer.append('a', cellsOf('a', 6), cropsOf(6, 0), 'as made');
  await writer.close();
  expect(await firstBytes(folder)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(readFileSync(table, 'utf8').split('\n')).toEqual(lines);
});

test('law: however the cells come in fields, all are read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }), async (counts) => {
      const folder = temporaryFolder();
      await writeStore(
        folder,
        counts.map((count, n) => [`f${n}`, count]),
      );
      const expected = counts.flatMap((count, n) => Array.from({ length: count }, (_, k) => 10 * n + k + 1));
      expect(await firstBytes(folder)).toEqual(expected);
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 25 },
  );
});

test('other options than those of the store that is there are refused', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 1]]);
  const other = { ...DESCRIPTION, crop: { ...DESCRIPTION.crop, cleanProtein: true } };
  await expect(openStoreForAppend(folder, other)).rejects.toThrow(
    'the store there was made with cleanProtein not given, now it is true',
  );
});

const spoil = (change: (description: Record<string, unknown>) => void) => (folder: string) => {
  const path = join(folder, 'store.json');
  const description = JSON.parse(readFileSync(path, 'utf8'));
  change(description);
  writeFileSync(path, JSON.stringify(description));
};
const rewrite = (from: RegExp, to: string) => (folder: string) => {
  const path = join(folder, 'cells.csv');
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
};

test.each<[string, (folder: string) => void, string, RegExp]>([
  ['no store', (f) => rmSync(join(f, 'store.json')), 'store-missing', /is no store of crops/],
  [
    'another version',
    spoil((d) => (d.version = 2)),
    'store-version',
    /version 2, this program reads version 1/,
  ],
  [
    'other classes',
    spoil((d) => (d.classes = ['A'])),
    'store-classes',
    /class 0 "A", expected "Nucleoplasm"/,
  ],
  ['no size', spoil((d) => (d.crop = {})), 'store-damaged', /store\.json: crop\.sizePx is wrong/],
  ['no JSON', (f) => writeFileSync(join(f, 'store.json'), '{'), 'store-damaged', /is not JSON/],
  ['no table', (f) => rmSync(join(f, 'cells.csv')), 'store-damaged', /cells\.csv: is missing/],
  ['an unknown class', rewrite(/,3,0,2,/, ',33,0,2,'), 'store-row', /line 2: unknown class 33/],
  ['a strange row', rewrite(/^0,1,.*$/m, 'x,y'), 'store-row', /line 3: 2 fields, expected 12/],
  ['a cell twice', rewrite(/a,2,/, 'a,1,'), 'store-duplicate', /1 of the cells stand .*: cell 1 of field a;/],
  [
    'a crop twice',
    rewrite(/^0,1,/m, '0,0,'),
    'store-duplicate',
    /1 of the crops stand .*: row 0 of shard 0;/,
  ],
  ['a missing shard', (f) => rmSync(shard(f, 1)), 'store-shard-missing', /shard is missing, with 2 crops/],
  [
    'a short shard',
    (f) => truncateSync(shard(f, 1), 140),
    'store-shard-damaged',
    /holds 0 crops, .* expects 2/,
  ],
  [
    'another shard',
    (f) => writeFileSync(shard(f, 0), 'x'),
    'store-shard-damaged',
    /is no NumPy file of bytes/,
  ],
])('%s is a clear error', async (_, damage, code, message) => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 6]]);
  damage(folder);
  const failure = openStore(folder);
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toMatchObject({ code });
});

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] ^= 1;
  writeFileSync(path, bytes);
}

test('a damaged crop is an error when it is read, naming shard, row and cell', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 6]]);
  flipByte(shard(folder, 1), 128 + 20);
  const store = await openStore(folder);
  await expect(readCrops(store, store.cells)).rejects.toThrow(
    /crops-00001\.npy: the crop in row 1 \(cell 6 of field a\) is damaged/,
  );
});

test('asked to, opening leaves damaged crops out and lists them', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 16]]);
  rmSync(shard(folder, 0));
  flipByte(shard(folder, 1), 130);
  truncateSync(shard(folder, 2), 128 + 3 * CROP_BYTES);
  const { omitted } = await openStore(folder, { damaged: 'omit' });
  expect(omitted.map(({ shard, cells, reason }) => [shard, cells.map(({ cell }) => cell), reason])).toEqual([
    ['crops-00000.npy', [1, 2, 3, 4], 'store-shard-missing'],
    ['crops-00001.npy', [5], 'store-crop-damaged'],
    ['crops-00002.npy', [12], 'store-shard-damaged'],
  ]);
  expect(await firstBytes(folder, 'omit')).toEqual([6, 7, 8, 9, 10, 11, 13, 14, 15, 16]);
});

test('a piece of a row at the end is not read', async () => {
  const folder = temporaryFolder();
  await writeStore(folder, [['a', 2]]);
  appendFileSync(join(folder, 'cells.csv'), '0,2,123,a,3');
  expect(await firstBytes(folder)).toEqual([1, 2]);
});
