import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { parseHTML } from 'linkedom';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateFiles } from '../../src/evaluation/index.js';
import { cytolocus, sharedFolder } from '../cli/harness.js';
import { TRUTH, writeCocoTruth, writePredictionFolder, writeSubmission, writeTruthFolder } from './scene.js';

const CHROMIUM = '/usr/bin/chromium';
const ENTRY = fileURLToPath(new URL('./browser-entry.ts', import.meta.url));
const folder = sharedFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  await writeTruthFolder(at('truth'));
  await writePredictionFolder(at('predictions'));
  await writeSubmission(at('submission.csv'));
});

async function report(...more: string[]) {
  const path = at('report.html');
  const args = [
    '--truth',
    at('truth'),
    '--predictions',
    at('predictions'),
    '--resamples',
    '20',
    '--report',
    path,
  ];
  const { code, noted } = await cytolocus('evaluate', ...args, ...more);
  expect([code, noted]).toEqual([0, `report: ${path}`]);
  const html = readFileSync(path, 'utf8');
  const { document } = parseHTML(html);
  const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
  return { path, html, document, headings };
}

test('the report: every part is there, with its figures, and loads nothing', async () => {
  const { html, document, headings } = await report();
  expect(headings).toEqual([
    'Headline',
    'Locations',
    'Precision over recall',
    'Calibration',
    'Confusion',
    'Size, border, crowding',
    'Worst fields',
    'Worst cells: wrong locations',
  ]);
  // mAP (2/3 + 1 + 0) / 3 and the location's own.
  expect(document.body.textContent).toContain('0.556');
  expect(document.body.textContent).toContain('Nucleoplasm: AP 0.667');
  // Two fields, four cells found.
  expect(document.querySelectorAll('img')).toHaveLength(2 + 4);
  expect(html).not.toMatch(/(src|href)="(?!data:image\/png;base64,)/);
  expect(html).not.toMatch(/<script|url\((?!#)/);
});

test('with a second model the report compares them', async () => {
  const { headings, document } = await report('--against', at('submission.csv'));
  expect(headings[1]).toBe('Comparison');
  expect(document.querySelectorAll('section')[1].textContent).toMatch(/mAP0\.5560\.556\+0\.000/);
});

test('a report of outlines alone', async () => {
  const truth = await writeCocoTruth(at('cells.json'), TRUTH, [{ id: 1, name: 'cell' }]);
  const path = at('outlines.html');
  await cytolocus('evaluate', '--truth', truth, '--predictions', at('predictions'), '--report', path);
  const { document } = parseHTML(readFileSync(path, 'utf8'));
  const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
  expect(headings).toEqual([
    'Headline',
    'Size, border, crowding',
    'Worst fields',
    'Worst cells: wrong outlines',
  ]);
});

describe.skipIf(!existsSync(CHROMIUM))('in a browser (skipped without /usr/bin/chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
  }, 60_000);
  afterAll(() => browser.close());

  test('the report opens without a complaint or a request, its charts and pictures visible', async () => {
    const { path } = await report();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) complaints.push(request.url());
    });
    const url = pathToFileURL(path).href;
    await page.goto(url);
    expect(complaints).toEqual([url]);
    const sizes = await page.$$eval('img, figure.chart svg', (all) =>
      all
        .map((element) => element.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    );
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.min(...sizes)).toBeGreaterThan(50);
  });

  test('scoring runs in the page and gives the same mAP', async () => {
    const { outputFiles } = await build({
      entryPoints: [ENTRY],
      bundle: true,
      format: 'iife',
      write: false,
      platform: 'browser',
    });
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0].text });
    const inPage = await page.evaluate(
      (text) => (globalThis as unknown as { scoreSubmission(text: string): number }).scoreSubmission(text),
      readFileSync(at('submission.csv'), 'utf8'),
    );
    const { scores } = await evaluateFiles(at('truth'), at('submission.csv'));
    expect(inPage).toBe(scores.competition().mAP);
  });
});
