import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { joinLabels, parseLabels } from '../../src/dataset/index.js';

const rows = (text: string) => text.split('\n').map((line) => line.split(','));

test('2021: ids joined by |, sorted, none twice; an empty label is set aside', () => {
  const table = parseLabels(rows('ID,Label\na,8|5|0\nb,18\nc,\nd,3|3'), 't.csv');
  expect([...table.locations]).toEqual([
    ['a', [0, 5, 8]],
    ['b', [18]],
    ['d', [3]],
  ]);
  expect(table.unlabelled).toEqual(['c']);
});

test('2018: ids joined by spaces, folded into the 19; what has no place is dropped', () => {
  // 9 Endosomes and 20 Lipid droplets are vesicles; 16 Cytokinetic bridge has no place; 25 is Cytosol.
  const table = parseLabels(rows('Id,Target\na,9 20\nb,16\nc,16 25'), 't.csv');
  expect([...table.locations]).toEqual([
    ['a', [17]],
    ['c', [16]],
  ]);
  expect(table.unlabelled).toEqual(['b']);
});

test('columns are found by name', () => {
  const table = parseLabels(rows('name,Label,ID\nx,7,a'), 't.csv');
  expect([...table.locations]).toEqual([['a', [7]]]);
});

test.each([
  ['label-columns', 'a,b\nx,1', 't.csv: the header is "a,b"'],
  ['label-unknown', 'ID,Label\na,1\nb,19', 't.csv, row 3 (b): label "19" is unknown'],
  ['label-unknown', 'ID,Label\na,Golgi', 'label "Golgi" is unknown'],
  ['label-unknown', 'ID,Label\na,1|', 'label "1|" is unknown'],
  ['label-unknown', 'ID,Label\na,1 2', 'label "1 2" is unknown'],
  ['label-duplicate', 'ID,Label\na,1\nb,2\na,1', '1 id(s) stand in more than one row: a;'],
  ['label-id-empty', 'ID,Label\n,1', 't.csv, row 2: the id is empty'],
])('%s: %j', (code, text, message) => {
  expect(() => parseLabels(rows(text), 't.csv')).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('labels and images are joined by id, and what is left over is listed', () => {
  const table = parseLabels(rows('ID,Label\na,1\nb,2\nc,'), 't.csv');
  expect(joinLabels(table, ['b', 'c', 'd'])).toEqual({
    labelled: ['b'],
    imagesWithoutLabel: ['c', 'd'],
    labelsWithoutImage: ['a'],
  });
});

const TABLE = '../shared/data/hpa/tables/train2021.csv';
test.skipIf(!existsSync(TABLE))('the competition’s own table (skipped without ../shared/data)', async () => {
  const { locations } = parseLabels(rows((await readFile(TABLE, 'utf8')).trim()), TABLE);
  const counts = new Array(19).fill(0);
  for (const ids of locations.values()) for (const id of ids) counts[id]++;
  expect(locations.size).toBe(21806);
  // 146 labels of the table repeat a class (`13|13`); counted with repeats these are 1011, 3216 and 621.
  expect(counts).toEqual([
    8797, 1095, 2451, 1262, 1425, 1792, 775, 1846, 964, 998, 818, 78, 1734, 3111, 2013, 252, 5685, 593, 34,
  ]);
});
