import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/common/index.js';
import { openAtomicFile, prepareFolder, readInputFile, writeFileAtomic } from '../../src/io/index.js';
import { temporaryFolder } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

test('writes text and bytes, makes folders, replaces what was there, leaves nothing else', async () => {
  const folder = join(root, 'deep', 'er');
  await writeFileAtomic(join(folder, 'a.txt'), 'one');
  await writeFileAtomic(join(folder, 'a.txt'), Uint8Array.of(116, 119, 111));
  expect(await readdir(folder)).toEqual(['a.txt']);
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('two');
});

test('the name shows nothing until all is written', async () => {
  const path = join(root, 'pieces', 'big.csv');
  const file = await openAtomicFile(path);
  await file.write('first ');
  expect(await readdir(join(root, 'pieces'))).not.toContain('big.csv');
  await file.write('second');
  await file.commit();
  expect(await readdir(join(root, 'pieces'))).toEqual(['big.csv']);
  expect(await readFile(path, 'utf8')).toBe('first second');
});

test('a discarded file leaves the old one and no temporary one', async () => {
  const path = join(root, 'kept', 'a.txt');
  await writeFileAtomic(path, 'old');
  const file = await openAtomicFile(path);
  await file.write('new');
  await file.discard();
  expect(await readdir(join(root, 'kept'))).toEqual(['a.txt']);
  expect(await readFile(path, 'utf8')).toBe('old');
});

test('a failed write cleans up and says where and what to do', async () => {
  const folder = join(root, 'blocked');
  await mkdir(join(folder, 'taken'), { recursive: true });
  await writeFile(join(folder, 'file'), '');
  const onFolder = writeFileAtomic(join(folder, 'taken'), 'x');
  await expect(onFolder).rejects.toThrow(
    /taken: cannot write taken \(EISDIR\): there is a folder of that name/,
  );
  await expect(onFolder).rejects.toBeInstanceOf(InputError);
  await expect(writeFileAtomic(join(folder, 'file', 'x.csv'), 'x')).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringMatching(
      /x\.csv \((ENOTDIR|EEXIST)\): a part of the path is a file.*choose another output folder/,
    ),
  });
  await expect(writeFileAtomic('/proc/cytolocus/x.csv', 'x')).rejects.toMatchObject({ code: 'not-writable' });
  expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
});

test('reading says what is there instead of a file', async () => {
  await expect(readInputFile(join(root, 'none'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(readInputFile(root)).rejects.toThrow(/is a folder, expected a file/);
});

test('an output folder is made, and cleared of what a killed run left', async () => {
  const folder = join(root, 'out', 'put');
  await prepareFolder(folder);
  await writeFileAtomic(join(folder, 'kept.csv'), 'x');
  const half = await openAtomicFile(join(folder, 'half.csv'));
  await half.write('half');
  const [temporary] = (await readdir(folder)).filter((name) => name !== 'kept.csv');
  await half.discard();
  await writeFile(join(folder, temporary), 'half');
  await prepareFolder(folder);
  expect(await readdir(folder)).toEqual(['kept.csv']);
  await expect(prepareFolder('/proc/cytolocus/out')).rejects.toMatchObject({ code: 'not-writable' });
});
