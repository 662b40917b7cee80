import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCocoFile, readCocoResults } from '../../src/io/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cytolocus-coco-'));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (bytes: string | Uint8Array) => {
  const path = join(folder, 'f.json');
  await writeFile(path, bytes);
  return path;
};

test('data sets and results are read', async () => {
  const empty = { images: [], annotations: [], categories: [] };
  expect(await readCocoFile(await written(JSON.stringify(empty)))).toEqual(empty);
  expect(await readCocoResults(await written('[]'))).toEqual([]);
});

test.each([
  ['json-syntax', '{"images": [', 'f.json: is not a JSON file'],
  ['json-syntax', Uint8Array.of(0xff, 0xfe, 0x00), 'f.json: is not a JSON file'],
  ['file-empty', '', 'the file is empty'],
  ['coco-format', '[]', 'f.json: '],
])('%s: %j', async (code, content, message) => {
  await expect(readCocoFile(await written(content))).rejects.toThrow(
    expect.objectContaining({ name: 'InputError', code, message: expect.stringContaining(message) }),
  );
});
