import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinLabels, readLabels } from '../../src/dataset/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cytolocus-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function parse(text: string) {
  const path = join(folder, 't.csv');
  await writeFile(path, text);
  return readLabels(path);
}

test('2021: ids joined by |, sorted, none twice; an empty label is set aside', async () => {
  const table = await parse('ID,Label\na,8|5|0\nb,18\nc,\nd,3|3');
  expect([...table.locations]).toEqual([
    ['a', [0, 5, 8]],
    ['b', [18]],
    ['d', [3]],
  ]);
  expect(table.unlabelled).toEqual(['c']);
});

test('2018: ids joined by spaces, folded into the 19; what has no place is dropped', async () => {
  // 9 Endosomes and 20 Lipid droplets are vesicles; 16 Cytokinetic bridge has no place; 25 is Cytosol.
  const table = await parse('Id,Target\na,9 20\nb,16\nc,16 25');
  expect([...table.locations]).toEqual([
    ['a', [17]],
    ['c', [16]],
  ]);
  expect(table.unlabelled).toEqual(['b']);
});

test('columns are found by name', async () => {
  const table = await parse('name,Label,ID\nx,7,a');
  expect([...table.locations]).toEqual([['a', [7]]]);
});

test.each([
  ['label-columns', 'a,b\nx,1', 't.csv: the header is "a,b"'],
  ['label-unknown', 'ID,Label\na,1\nb,19', 't.csv, line 3: label "19" of b is unknown'],
  ['label-unknown', 'ID,Label\na,Golgi', 'label "Golgi" of a is unknown'],
  ['label-unknown', 'ID,Label\na,1|', 'label "1|" of a is unknown'],
  ['label-unknown', 'ID,Label\na,1 2', 'label "1 2" of a is unknown'],
  ['label-duplicate', 'ID,Label\na,1\nb,2\na,1', '1 id(s) stand in more than one row: a;'],
  ['label-id-empty', 'ID,Label\n,1', 't.csv, line 2: the id is empty'],
])('%s: %j', async (code, text, message) => {
  await expect(parse(text)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('labels and images are joined by id, and what is left over is listed', async () => {
  const table = await parse('ID,Label\na,1\nb,2\nc,');
  expect(joinLabels(table, ['b', 'c', 'd'])).toEqual({
    labelled: ['b'],
    imagesWithoutLabel: ['c', 'd'],
    labelsWithoutImage: ['a'],
  });
});

const TABLE = '../shared/data/hpa/tables/train2021.csv';
test.skipIf(!existsSync(TABLE))('the competition’s own table (skipped without ../shared/data)', async () => {
  const { locations } = await readLabels(TABLE);
  const counts = new Array(19).fill(0);
  for (const ids of locations.values()) for (const id of ids) counts[id]++;
  expect(locations.size).toBe(21806);
  // 146 labels of the table repeat a class (`13|13`); counted with repeats these are 1011, 3216 and 621.
  expect(counts).toEqual([
    8797, 1095, 2451, 1262, 1425, 1792, 775, 1846, 964, 998, 818, 78, 1734, 3111, 2013, 252, 5685, 593, 34,
  ]);
});
