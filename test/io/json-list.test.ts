import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCocoResults, readJsonList } from '../../src/io/index.js';
import { sharedFolder } from '../cli/harness.js';

const folder = sharedFolder();
const path = join(folder, 'list.json');

async function itemsOf(text: string): Promise<unknown[]> {
  await writeFile(path, text);
  const items: unknown[] = [];
  for await (const item of readJsonList(path)) items.push(item);
  return items;
}

test('whatever is in the list comes back, item by item', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), async (list, indent) => {
      const text = JSON.stringify(list, null, indent);
      expect(await itemsOf(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 50 },
  );
});

test('brackets, commas and quotes within strings are text; a byte order mark is skipped', async () => {
  const list = ['a,b', '[{"', '\\', '\\"]', { '}': [',', ['"']] }];
  expect(await itemsOf(`\uFEFF ${JSON.stringify(list)}\n`)).toEqual(list);
  expect(await itemsOf(' [ ] ')).toEqual([]);
});

test('items may be cut by the pieces in which a file is read', async () => {
  const list = Array.from({ length: 5 }, (_, i) => ({ i, text: 'é]"'.repeat(200_000) }));
  expect(await itemsOf(JSON.stringify(list))).toEqual(list);
});

test.each([
  ['{"a": 1}', /does not begin with a list/],
  ['[1, 2', /ends within the list, after item 1: the file was cut short/],
  ['[1, {"a": two}, 3]', /item 2 of the list is no JSON/],
  ['[1,]', /item 2 of the list is no JSON/],
  ['[1] [2]', /more text follows after the list/],
  ['', /ends within the list, after item 0/],
])('%j is refused', async (text, message) => {
  await expect(itemsOf(text)).rejects.toThrow(
    expect.objectContaining({ code: 'json-syntax', message: expect.stringMatching(message) }),
  );
});

test('COCO results: a wrong one is named by its place', async () => {
  const good = { image_id: 1, category_id: 2, score: 0.5, segmentation: { size: [2, 2], counts: '04' } };
  await writeFile(path, JSON.stringify([good, { ...good, score: 'high' }]));
  const read: unknown[] = [];
  await expect(async () => {
    for await (const result of readCocoResults(path)) read.push(result);
  }).rejects.toThrow(/list\.json, result 2, at 0\.score/);
  expect(read).toEqual([good]);
});
