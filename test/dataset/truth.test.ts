import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTruthLocations, readTruthSegmentation } from '../../src/dataset/index.js';
import { writeLabelPng } from '../../src/io/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cytolocus-truth-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function parse(text: string) {
  await writeFile(join(folder, 'cells.csv'), text);
  return readTruthLocations(folder);
}

test('locations of each cell, by field; empty is unknown', async () => {
  const truth = await parse('field,cell,locations\na,1,16|0\na,2,\nb,1,18');
  expect([...(truth.get('a') ?? [])]).toEqual([
    [1, [0, 16]],
    [2, null],
  ]);
  expect([...(truth.get('b') ?? [])]).toEqual([[1, [18]]]);
});

test.each([
  ['truth-cell', 'a,0,1', 'line 2: cell "0" of field a'],
  ['truth-cell', 'a,x,1', 'cell "x" of field a'],
  ['truth-unknown', 'a,1,19', 'locations "19"'],
  ['truth-unknown', 'a,1,3|', 'locations "3|"'],
  ['truth-duplicate', 'a,1,3\na,1,4', 'line 3: cell 1 of field a has a second row'],
  ['table-columns', '', 'no column'],
])('%s: %j', async (code, rows, message) => {
  const header = code === 'table-columns' ? 'field,cell' : 'field,cell,locations';
  await expect(parse(`${header}\n${rows}`)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('outlines come as written', async () => {
  const cells = { width: 2, height: 2, data: Int32Array.of(0, 1, 300, 300) };
  const nuclei = { width: 2, height: 2, data: Int32Array.of(0, 1, 0, 300) };
  await mkdir(join(folder, 'f'));
  await writeLabelPng(join(folder, 'f', 'cells.png'), cells);
  await writeLabelPng(join(folder, 'f', 'nuclei.png'), nuclei);
  expect(await readTruthSegmentation(folder, 'f')).toEqual({ cells, nuclei });
  await expect(readTruthSegmentation(folder, 'g')).rejects.toThrow('there is no such file');
});
