import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeStore } from '../dataset/store.js';
import { cytolocus, sharedFolder, temporaryFolder } from './harness.js';

const CHROMIUM = '/usr/bin/chromium';
const TABLE = '../shared/data/hpa/tables/train2021.csv';
const folder = sharedFolder();
const fields = join(folder, 'fields');
const page = join(folder, 'fields.html');

beforeAll(async () => {
  await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    '6',
    '--size',
    '256',
    '--seed',
    '5',
    '--out',
    fields,
  );
  const { code, noted } = await cytolocus(
    ...['explore', fields, '--masks', join(fields, 'truth'), '--language', 'fr', '--out', page],
  );
  expect(noted).not.toContain('error');
  expect(code).toBe(0);
}, 60_000);

test('the page loads nothing from elsewhere', () => {
  const html = readFileSync(page, 'utf8');
  expect(html).not.toMatch(/<script|<link|(src|href)="(?!data:image\/png;base64,)/);
});

test('a small table: the counts as JSON; what names no location is told', async () => {
  const labels = join(temporaryFolder(), 'train.csv');
  writeFileSync(labels, 'ID,Label\na,0|16\nb,16|16\nc,\n');
  const out = join(temporaryFolder(), 'page.html');
  const { code, printed, noted } = await cytolocus('explore', labels, '--out', out, '--json');
  expect(code).toBe(0);
  expect(noted).toContain('warning: 1 images with a label that names none of the 19 locations, left out: c');
  const counts = JSON.parse(printed);
  expect(counts).toMatchObject({ images: 2, imagesByLabels: [0, 0, 2], repeated: 1, unlabelled: ['c'] });
  expect([counts.labels[0], counts.labels[16], counts.imagesWith[16]]).toEqual([1, 3, 2]);
});

test.each([
  ['ID,Label\na,1\na,2\n', /1 id\(s\) stand in more than one row: a;/],
  ['ID,Label\na,1|77\n', /line 2: label "1\|77" of a is unknown/],
  ['name,what\na,1\n', /expected the columns ID and Label/],
  ['ID,Label\na,\n', /no image has one of the 19 locations/],
])('a bad table %j is an error and no page', async (text, message) => {
  const labels = join(temporaryFolder(), 'train.csv');
  const out = join(temporaryFolder(), 'page.html');
  writeFileSync(labels, text);
  const { code, noted } = await cytolocus('explore', labels, '--out', out);
  expect(code).toBe(1);
  expect(noted).toMatch(message);
  expect(existsSync(out)).toBe(false);
});

test('ids without images and images without labels are counted; a field that cannot be read is named', async () => {
  const copy = temporaryFolder();
  await cytolocus('synth', '--workers', '1', '--images', '3', '--size', '192', '--seed', '5', '--out', copy);
  writeFileSync(join(copy, 'train.csv'), 'ID,Label\nsynth-5-00000,3\nelsewhere,2\nsynth-5-00002,1\n');
  rmSync(join(copy, 'synth-5-00002_red.png'));
  const out = join(copy, 'page.html');
  const { code, printed, noted } = await cytolocus(
    ...['explore', copy, '--masks', join(copy, 'truth'), '--out', out, '--json'],
  );
  expect(code).toBe(1);
  expect(noted).toContain('warning: 1 labels without an image, left out: elsewhere');
  expect(JSON.parse(printed)).toMatchObject({
    fields: 2,
    images: 2,
    imagesWithoutLabel: ['synth-5-00001'],
    labelsWithoutImage: ['elsewhere'],
    problems: [expect.stringContaining('field synth-5-00002: no channel microtubules (red)')],
  });
});

test('a folder without a table has cells but no label counts', async () => {
  const copy = temporaryFolder();
  await cytolocus('synth', '--workers', '1', '--images', '1', '--size', '192', '--seed', '5', '--out', copy);
  rmSync(join(copy, 'train.csv'));
  const out = join(copy, 'page.html');
  const { code, printed } = await cytolocus(
    ...['explore', copy, '--masks', join(copy, 'truth'), '--out', out, '--json'],
  );
  expect(code).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ images: null, fields: 1 });
  expect(readFileSync(out, 'utf8')).toContain('The three maskings');
});

test('a store of crops: its labels, the boxes of its cells and some of its crops', async () => {
  const store = join(temporaryFolder(), 'store');
  await writeStore(store, [
    ['a', 3],
    ['b', 1],
  ]);
  const out = join(folder, 'store.html');
  const { code, printed } = await cytolocus('explore', store, '--out', out, '--json');
  expect(code).toBe(0);
  const counts = JSON.parse(printed);
  expect(counts).toMatchObject({ images: 2, imagesByLabels: [0, 2], fields: 2, cells: 4 });
  expect(counts.alone[3]).toBe(2);
  const html = readFileSync(out, 'utf8');
  // At most two cells a field.
  expect(html.match(/<img/g)).toHaveLength(3);
  expect(html).toContain('What detail that would cost is not measured');
});

test('no field at all is an error', async () => {
  const empty = temporaryFolder();
  const { code, noted } = await cytolocus('explore', empty, '--out', join(empty, 'page.html'));
  expect(code).toBe(1);
  expect(noted).toMatch(/no field of view could be read/);
});

describe.skipIf(!existsSync(CHROMIUM))('in Chromium (skipped without /usr/bin/chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    });
  }, 60_000);
  afterAll(() => browser.close());

  /** What a reader sees of the page: headings, drawn charts with their marks, pictures that have loaded. */
  async function look(file: string) {
    const tab = await browser.newPage();
    const failures: string[] = [];
    tab.on('pageerror', (error) => failures.push(error.message));
    tab.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) failures.push(request.url());
    });
    await tab.goto(pathToFileURL(file).href);
    const seen = await tab.evaluate(() => ({
      language: document.documentElement.lang,
      headings: [...document.querySelectorAll('h2')].map((heading) => heading.textContent),
      charts: [...document.querySelectorAll('figure.chart')].map((figure) => {
        const marks = [...figure.querySelectorAll('rect, circle, path')].filter((mark) => {
          const { width, height } = mark.getBoundingClientRect();
          return width + height > 0;
        });
        return { title: figure.querySelector('figcaption')?.textContent, marks: marks.length };
      }),
      pictures: [...document.querySelectorAll('img')].map((image) => image.naturalWidth),
      rows: [...document.querySelectorAll('tr')].map((row) =>
        [...row.querySelectorAll('td')].map((cell) => cell.textContent),
      ),
    }));
    await tab.close();
    return { ...seen, failures };
  }

  test('fields: charts are drawn, galleries and the three maskings show pictures, in French', async () => {
    const { language, headings, charts, pictures, failures } = await look(page);
    expect(failures).toEqual([]);
    expect(language).toBe('fr');
    expect(headings).toEqual([
      'Étiquettes',
      'Étiquettes par image',
      'Localisations qui vont ensemble',
      'Combinaisons les plus fréquentes',
      'Équilibre',
      'Plis',
      'Boîtes des cellules',
      'Taille des vignettes',
      'Cellules d’images à une étiquette',
      'Cellules d’images à plusieurs étiquettes',
      'Les trois masquages',
    ]);
    expect(charts.map(({ title }) => title)).toEqual([
      'Étiquettes',
      'Étiquettes par image',
      'Localisations qui vont ensemble',
      'Poids de chaque localisation dans une époque',
      'hauteur, px',
      'largeur, px',
      'Cellules par champ',
      'Taille des vignettes',
    ]);
    for (const { title, marks } of charts) expect(marks, title ?? '').toBeGreaterThan(1);
    // Two cells a field, and four cells in three maskings, each also as protein alone.
    expect(pictures).toEqual(new Array(6 * 2 + 4 * 3 * 2).fill(128));
  });

  test.skipIf(!existsSync(TABLE))(
    'the competition’s table: its charts and its counts (skipped without ../shared/data)',
    async () => {
      const out = join(folder, 'train2021.html');
      expect((await cytolocus('explore', TABLE, '--out', out)).code).toBe(0);
      const { charts, rows, failures } = await look(out);
      expect(failures).toEqual([]);
      expect(charts.map(({ title }) => title)).toEqual([
        'Labels',
        'Labels per image',
        'Locations that go together',
        'How much each location counts in an epoch',
      ]);
      // 18 locations both alone and with others, Negative only alone, and the ground of the chart's legend.
      expect(charts[0].marks).toBeGreaterThanOrEqual(37);
      expect(charts[2].marks).toBeGreaterThan(200);
      expect(rows).toContainEqual(['0', 'Nucleoplasm', '8,797', '1,551', '8,797', '40.3 %']);
      expect(rows).toContainEqual(['13', 'Plasma membrane', '3,216', '818', '3,111', '14.3 %']);
      for (const row of [
        ['1', '10,412'],
        ['2', '8,928'],
        ['3', '2,266'],
        ['4', '197'],
        ['5', '3'],
      ]) {
        expect(rows).toContainEqual(row);
      }
    },
  );
});
