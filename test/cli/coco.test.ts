import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTruthLocations } from '../../src/dataset/index.js';
import { readCocoFile, readLabelPng, readTable } from '../../src/io/index.js';
import { decodeMask, fromCocoSegmentation } from '../../src/masks/index.js';
import { pycocotoolsMissing, startPycocotools } from '../masks/coco-oracle.js';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const folder = sharedFolder();
const fields = join(folder, 'fields');
const truth = join(fields, 'truth');
const written = join(folder, 'cells.json');
const [FIRST, SECOND] = ['synth-5-00000', 'synth-5-00001'];

beforeAll(async () => {
  await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    '2',
    '--size',
    '192',
    '--seed',
    '5',
    '--out',
    fields,
  );
  const { code } = await cytolocus(
    ...['coco', fields, '--masks', truth, '--out', written, '--png', join(folder, 'png')],
  );
  expect(code).toBe(0);
});

test('each true cell has an annotation for each of its locations, with exactly its pixels', async () => {
  const { images, annotations, categories } = await readCocoFile(written);
  expect(images).toEqual([
    { id: 1, file_name: `${FIRST}.png`, width: 192, height: 192, field: FIRST },
    { id: 2, file_name: `${SECOND}.png`, width: 192, height: 192, field: SECOND },
  ]);
  expect(categories.map(({ id, name }) => `${id} ${name}`).slice(0, 2)).toEqual([
    '1 Nucleoplasm',
    '2 Nuclear membrane',
  ]);
  const known = await readTruthLocations(truth);
  for (const image of images) {
    const labels = await readLabelPng(join(truth, image.field ?? '', 'cells.png'));
    for (const [cell, locations] of known.get(image.field ?? '') ?? []) {
      const own = annotations.filter((entry) => entry.image_id === image.id && entry.cell === cell);
      expect(own.map(({ category_id }) => category_id - 1)).toEqual(locations);
      for (const { segmentation, area, bbox } of own) {
        const mask = decodeMask(fromCocoSegmentation(segmentation, image.width, image.height));
        const cellMask = Uint8Array.from(labels.data, (label) => (label === cell ? 1 : 0));
        expect(Buffer.compare(mask, cellMask)).toBe(0);
        expect(area).toBe(cellMask.reduce((sum, value) => sum + value, 0));
        expect(bbox[2] * bbox[3]).toBeGreaterThanOrEqual(area);
      }
    }
  }
  expect(new Set(annotations.map(({ id }) => id)).size).toBe(annotations.length);
});

test('the stacked picture shows microtubules, protein and nuclei as red, green and blue', async () => {
  const stacked = await sharp(join(folder, 'png', `${FIRST}.png`))
    .raw()
    .toBuffer();
  for (const [at, colour] of ['red', 'green', 'blue'].entries()) {
    const channel = await sharp(join(fields, `${FIRST}_${colour}.png`))
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    expect(
      Buffer.compare(
        stacked.filter((_, i) => i % 3 === at),
        channel,
      ),
    ).toBe(0);
  }
});

test('weak labels: every cell of an image has the image’s locations; what has no partner is counted', async () => {
  const labels = join(temporaryFolder(), 'train.csv');
  const out = join(temporaryFolder(), 'weak.json');
  writeFileSync(labels, `ID,Label\n${FIRST},3|16\nelsewhere,2\n`);
  const { code, noted } = await cytolocus('coco', fields, '--labels', labels, '--out', out);
  expect(code).toBe(0);
  expect(noted).toContain(`warning: 1 images without a label, left out: ${SECOND}`);
  expect(noted).toContain('warning: 1 labels without an image, left out: elsewhere');
  const { images, annotations } = await readCocoFile(out);
  // Without stacked pictures the image is the protein's.
  expect(images.map(({ file_name }) => file_name)).toEqual([`${FIRST}_green.png`]);
  expect(annotations.length).toBeGreaterThan(0);
  for (const cell of new Set(annotations.map((entry) => entry.cell))) {
    const own = annotations.filter((entry) => entry.cell === cell);
    expect(own.map(({ category_id }) => category_id)).toEqual([4, 17]);
  }
});

test('a bad field is named, the others are written; without a good one there is no file', async () => {
  const copy = temporaryFolder();
  await cytolocus('synth', '--workers', '1', '--images', '2', '--size', '192', '--seed', '5', '--out', copy);
  rmSync(join(copy, `${FIRST}_blue.png`));
  const out = join(copy, 'cells.json');
  const some = await cytolocus('coco', copy, '--masks', join(copy, 'truth'), '--out', out, '--json');
  expect(some.code).toBe(1);
  expect(JSON.parse(some.printed)).toMatchObject({
    images: 1,
    problems: [{ code: 'channel-missing' }],
    file: out,
  });
  expect((await readCocoFile(out)).images).toHaveLength(1);
  rmSync(out);
  writeFileSync(join(copy, `${SECOND}_red.png`), 'no picture');
  const none = await cytolocus('coco', copy, '--masks', join(copy, 'truth'), '--out', out);
  expect(none.code).toBe(1);
  expect(none.noted).toContain('nothing was written');
  expect(existsSync(out)).toBe(false);
});

test.each([
  ['ID,Label\na,1\na,2\n', /1 id\(s\) stand in more than one row: a;/],
  ['ID,Label\na,77\n', /line 2: label "77" of a is unknown/],
])('a bad label table %j ends the command', async (text, message) => {
  const labels = join(temporaryFolder(), 'train.csv');
  writeFileSync(labels, text);
  const { code, noted } = await cytolocus('coco', fields, '--labels', labels, '--out', 'unused.json');
  expect(code).toBe(1);
  expect(noted).toMatch(message);
});

describe.skipIf(pycocotoolsMissing)('beside pycocotools (skipped without bench/peers/.venv)', () => {
  const { ask } = startPycocotools();

  test.each(['rle', 'counts', 'polygons'])(
    'pycocotools loads our file with masks as %s',
    async (encoding) => {
      const file = join(temporaryFolder(), 'cells.json');
      await cytolocus('coco', fields, '--masks', truth, '--out', file, '--encoding', encoding);
      const theirs = await ask<{
        images: string[];
        categories: string[];
        annotations: { id: number; area: number; box: number[]; sum: number }[];
      }>({ what: 'load', file });
      const { images, annotations, categories } = await readCocoFile(file);
      expect(theirs.images).toEqual(images.map(({ file_name }) => file_name));
      expect(theirs.categories).toEqual(categories.map(({ name }) => name));
      expect(theirs.annotations).toEqual(
        annotations.map(({ id, area, bbox }) => ({ id, area, box: bbox, sum: area })),
      );
      const cells = await readTable(join(truth, 'cells.csv'));
      expect(annotations.length).toBeGreaterThanOrEqual(cells.rows.length);
    },
  );
});
