import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { compareNaturally, type FieldSource, findFields } from '../../src/io/index.js';
import { temporaryFolder } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

/** Makes empty files: finding looks at names only. */
async function folderWith(name: string, ...files: string[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  for (const file of files) await writeFile(join(folder, file), '');
  return folder;
}

/** A source as text: `id: red=ID_red.png ...`, file names only. */
function show({ id, files }: FieldSource): string {
  if (files.kind !== 'channels') return `${id}: ${files.kind} ${basename(files.path)}`;
  const { microtubules: red, protein: green, nuclei: blue, er: yellow } = files.paths;
  return `${id}: ${[red, green, blue, yellow].map((path) => (path === undefined ? '-' : basename(path))).join(' ')}`;
}

test('a folder gives its fields in natural order; other files are ignored', async () => {
  const folder = await folderWith(
    'mixed',
    'f10_red.png',
    'f10_green.PNG',
    'f10_blue.tiff',
    'f10_yellow.jpeg',
    'f2_red.tif',
    'f2_green.tif',
    'f2_blue.tif',
    'f3_blue_red_green.jpg',
    'train.csv',
    'f2_cellmask.png',
    '._f2_red.png',
    '.cytolocus-x.tmp',
  );
  await mkdir(join(folder, 'f9_red.png'));
  const { sources, problems } = await findFields([folder]);
  expect(problems).toEqual([]);
  expect(sources.map(show)).toEqual([
    'f2: f2_red.tif f2_green.tif f2_blue.tif -',
    'f3: composite f3_blue_red_green.jpg',
    'f10: f10_red.png f10_green.PNG f10_blue.tiff f10_yellow.jpeg',
  ]);
});

test('an id may itself end in a colour', async () => {
  const folder = await folderWith('odd', 'a_red_red.png', 'a_red_green.png', 'a_red_blue.png');
  const { sources } = await findFields([folder]);
  expect(sources.map(show)).toEqual(['a_red: a_red_red.png a_red_green.png a_red_blue.png -']);
});

test('a file named alone stands for its field, several are the field', async () => {
  const folder = await folderWith(
    'named',
    'a_red.png',
    'a_green.png',
    'a_blue.png',
    'a_yellow.png',
    'b_red.png',
  );
  const one = await findFields([join(folder, 'a_green.png')]);
  expect(one.sources.map(show)).toEqual(['a: a_red.png a_green.png a_blue.png a_yellow.png']);
  const three = await findFields(['red', 'green', 'blue'].map((colour) => join(folder, `a_${colour}.png`)));
  expect(three.sources.map(show)).toEqual(['a: a_red.png a_green.png a_blue.png -']);
});

test('an id cannot climb out of the output folder', async () => {
  const folder = await folderWith('climb', '.._red.png', '._red.png');
  const { sources, problems } = await findFields([join(folder, '.._red.png'), join(folder, '._red.png')]);
  expect(sources).toEqual([]);
  expect(problems.map(({ code }) => code)).toEqual(['file-name', 'file-name']);
});

test('a file named beside its own folder is not taken twice', async () => {
  const folder = await folderWith('both', 'a_red.png', 'a_green.png', 'a_blue.png');
  const { sources, problems } = await findFields([folder, join(folder, 'a_red.png'), `${folder}/../both`]);
  expect(problems).toEqual([]);
  expect(sources).toHaveLength(1);
});

test('channels of one field may come from several folders', async () => {
  const red = await folderWith('split-red', 'a_red.png');
  const rest = await folderWith('split-rest', 'a_green.png', 'a_blue.png');
  const { sources, problems } = await findFields([red, rest]);
  expect(problems).toEqual([]);
  expect(sources.map(show)).toEqual(['a: a_red.png a_green.png a_blue.png -']);
});

test.each([
  [
    'png beside jpg',
    ['a_red.png', 'a_red.jpg', 'a_green.png', 'a_blue.png'],
    /field a: more than one channel microtubules \(red\): .*a_red\.jpg/,
  ],
  ['composite beside channels', ['a_blue_red_green.jpg', 'a_red.png'], /field a: both a composite/],
])('%s is a problem of that field, the others go on', async (name, files, message) => {
  const folder = await folderWith(
    name.replaceAll(' ', '-'),
    ...files,
    'ok_red.png',
    'ok_green.png',
    'ok_blue.png',
  );
  const { sources, problems } = await findFields([folder]);
  expect(sources.map(({ id }) => id)).toEqual(['ok']);
  expect(problems).toHaveLength(1);
  expect(problems[0].code).toBe('channel-twice');
  expect(problems[0].message).toMatch(message);
});

test('the same id in two folders is a problem', async () => {
  const one = await folderWith('one', 'a_red.png', 'a_green.png', 'a_blue.png');
  const two = await folderWith('two', 'a_red.png', 'a_green.png', 'a_blue.png');
  const { sources, problems } = await findFields([one, two]);
  expect(sources).toEqual([]);
  expect(problems.map(({ code }) => code)).toEqual(['channel-twice']);
  expect(problems[0].message).toMatch(/more than one \w+ .*one\/a_\w+\.png and .*two\/a_\w+\.png; keep one/);
});

test('every input without a field is a problem of its own, with what to do', async () => {
  const empty = await folderWith('empty');
  const strange = await folderWith('strange', 'picture.png', 'notes.txt');
  const text = join(strange, 'notes.txt');
  const { sources, problems } = await findFields([
    empty,
    join(root, 'nowhere'),
    strange,
    text,
    join(text, 'below'),
  ]);
  expect(sources).toEqual([]);
  expect(problems.map(({ code, message }) => `${code} ${message.replaceAll(root, '')}`)).toEqual([
    expect.stringMatching(/^no-fields \/empty: the folder is empty; expected files named ID_red/),
    expect.stringMatching(/^input-missing \/nowhere: there is no such file or folder/),
    expect.stringMatching(/^no-fields \/strange: none of its 2 entries/),
    expect.stringMatching(/^file-name \/strange\/notes.txt: unknown name; expected ID_red/),
    expect.stringMatching(/^input-missing \/strange\/notes.txt\/below/),
  ]);
});

test('a link to nowhere is left for reading to report', async () => {
  const folder = await folderWith('link', 'a_green.png', 'a_blue.png');
  await symlink(join(root, 'gone.png'), join(folder, 'a_red.png'));
  const { sources } = await findFields([folder]);
  expect(sources.map(show)).toEqual(['a: a_red.png a_green.png a_blue.png -']);
});

test('natural order is total', () => {
  expect(['a10', 'a2', 'a02', 'B1', 'b1', 'a2'].sort(compareNaturally)).toEqual([
    'a02',
    'a2',
    'a2',
    'a10',
    'b1',
    'B1',
  ]);
});
