import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabelPng } from '../../src/io/index.js';
import { cytolocus } from '../cli/harness.js';
import { openServer, synthesize, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import {
  clickPixel,
  download,
  ensurePage,
  expectSameCells,
  filesOf,
  sendField,
  seriousFaults,
  visit,
} from './visit.js';

const FOV = fileURLToPath(new URL('../../../shared/data/hpa/fov', import.meta.url));
const REAL = '5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0';
const isReal = existsSync(FOV);
if (!isReal) console.warn('the page is tested on a synthetic field: ../shared/data is not here');

const out = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
let browser: Browser;
let server: TestServer;
let id: string;
let files: string[];
/** `cells.csv` of the command. */
let expected: string;

describe.skipIf(!hasBrowser)(`the page, with the field ${isReal ? REAL : 'made up'}`, () => {
  beforeAll(async () => {
    await ensurePage();
    const fields = join(out, 'fields');
    [id] = isReal ? [REAL] : await synthesize(fields);
    files = filesOf(isReal ? FOV : fields, id);
    await cytolocus('predict', ...files, '--out', out);
    expected = readFileSync(join(out, 'cells.csv'), 'utf8');
    browser = await launchBrowser();
    server = await openServer();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(out, { recursive: true, force: true });
  });

  test("shows the cells' scores, in English and French, light and dark, and hands over the command's table", async () => {
    const page = await visit(browser, server.address);
    await sendField(page, files);
    expect(await page.getByTestId('verdict').textContent()).toMatch(
      /^Prediction: .+, confidence: \d+\.\d\d\s%/,
    );
    const { width, data } = await readLabelPng(join(out, id, 'cells.png'));
    const pixel = data.findIndex((label, i) => label === 3 && data[i + 9] === 3 && data[i + 9 * width] === 3);
    await clickPixel(page, width, (pixel % width) + 4, Math.floor(pixel / width) + 4);
    expect(await page.locator('#cell-title').textContent()).toBe('Cell 3');
    expect(await page.locator('.cell-panel .bars li').count()).toBe(19);
    expect(await download(page, 'cells.csv')).toBe(expected);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Language').selectOption('fr');
    expect(await page.getByTestId('verdict').textContent()).toMatch(
      /^Prédiction\s: .+, confiance\s: \d+,\d\d\s%/,
    );
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousFaults(page)).toEqual([]);
    await page.context().close();
  }, 300_000);

  test("in private mode, the network cut off, the scores are the server's; they outlive a reload", async () => {
    const page = await visit(browser, server.address);
    await page.getByLabel('Private mode').check();
    await page.getByText('Private mode is on').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.context().setOffline(true);
    await sendField(page, files);
    expectSameCells(await download(page, 'cells.csv'), expected);
    await page.getByRole('button', { name: 'Cell 1', exact: true }).click();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByText('Bright squares speak').waitFor();
    const verdict = await page.getByTestId('verdict').textContent();
    await page.reload();
    await page.getByText('Private mode is on').waitFor();
    await page.getByRole('button', { name: id, exact: true }).click();
    expect(await page.getByTestId('verdict').textContent()).toBe(verdict);
    expect(asked.filter((url) => url.includes('/predictions'))).toEqual([]);
    await page.context().close();
  }, 300_000);
});
