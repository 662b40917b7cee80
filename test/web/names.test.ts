import { expect, test } from 'vitest';
import { groupFiles, guessPart, uploadPart } from '../../src/web/page/names.js';

const file = (name: string) => new File([], name);
/** Field names with the file names of each part. */
const named = (...names: string[]) =>
  groupFiles(names.map(file)).map(({ name, files }) => [
    name,
    Object.fromEntries(Object.entries(files).map(([part, found]) => [part, found?.name])),
  ]);

test.each([
  ['5c27_red.png', '5c27', 'microtubules'],
  ['5c27_GREEN.tif', '5c27', 'protein'],
  ['cells-DAPI.png', 'cells', 'nuclei'],
  ['well A1 er.jpg', 'well A1', 'er'],
  ['1_A1_2_blue_red_green.jpg', '1_A1_2', 'composite'],
  ['predator.png', 'predator', null],
  ['red.png', 'red', 'microtubules'],
])('%s is of the field %s, part %s', (name, field, part) => {
  expect(guessPart(name)).toEqual({ field, part });
});

test('files are put into fields by their names, in any order', () => {
  expect(named('b_green.png', 'a_red.png', 'a_green.png', 'b_red.png')).toEqual([
    ['b', { protein: 'b_green.png', microtubules: 'b_red.png' }],
    ['a', { microtubules: 'a_red.png', protein: 'a_green.png' }],
  ]);
});

test('files whose names say nothing fill the channels that are free, in their order', () => {
  expect(named('1.png', '2.png', '3.png')).toEqual([
    ['1', { microtubules: '1.png', protein: '2.png', nuclei: '3.png' }],
  ]);
  expect(named('f_green.png', '1.png', '2.png')).toEqual([
    ['f', { microtubules: '1.png', protein: 'f_green.png', nuclei: '2.png' }],
  ]);
});

test("an upload's parts bear the atlas's colours", () => {
  expect((['microtubules', 'protein', 'nuclei', 'er', 'composite'] as const).map(uploadPart)).toEqual([
    ...['red', 'green', 'blue', 'yellow', 'composite'],
  ]);
});
