import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeLabels, readLabels } from '../../src/dataset/index.js';

test('labels as written, images once, and which go together', () => {
  const statistics = describeLabels({
    locations: new Map([
      ['a', [0, 2]],
      ['b', [0]],
      ['c', [2]],
      ['d', [0, 2]],
    ]),
    // c is written 2|2.
    repeated: new Map([['c', [2, 2]]]),
  });
  const first = (counts: Uint32Array) => [...counts].slice(0, 3);
  expect(statistics.images).toBe(4);
  expect(first(statistics.labels)).toEqual([3, 0, 4]);
  expect(first(statistics.imagesWith)).toEqual([3, 0, 3]);
  expect(first(statistics.alone)).toEqual([1, 0, 0]);
  expect([...statistics.imagesByLabels]).toEqual([0, 1, 3]);
  expect([0, 2].map((a) => [0, 2].map((b) => statistics.together[a * 19 + b]))).toEqual([
    [3, 2],
    [2, 3],
  ]);
  expect(statistics.combinations).toEqual([
    { locations: [0, 2], images: 2 },
    { locations: [0], images: 1 },
    { locations: [2], images: 1 },
  ]);
});

const TABLE = '../shared/data/hpa/tables/train2021.csv';
test.skipIf(!existsSync(TABLE))('the competition’s counts (skipped without ../shared/data)', async () => {
  const { images, labels, alone, imagesByLabels } = describeLabels(await readLabels(TABLE));
  expect(images).toBe(21806);
  expect([...labels]).toEqual([
    8797, 1095, 2451, 1262, 1425, 1792, 775, 1846, 964, 1011, 818, 78, 1734, 3216, 2013, 252, 5685, 621, 34,
  ]);
  expect([...alone]).toEqual([
    1551, 221, 515, 549, 788, 636, 476, 719, 529, 294, 404, 1, 561, 818, 1054, 82, 906, 274, 34,
  ]);
  expect([...imagesByLabels]).toEqual([0, 10412, 8928, 2266, 197, 3]);
});
