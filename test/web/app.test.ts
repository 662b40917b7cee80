import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCsv } from '../../src/io/index.js';
import { cytolocus } from '../cli/harness.js';
import { openServer, synthesize, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import { download, ensurePage, seriousFaults, uploadField, visit } from './visit.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
const fields = join(folder, 'fields');
let browser: Browser;
let server: TestServer;
let id: string;
/** `cells.csv` of the command. */
let expected: string;

describe.skipIf(!hasBrowser)('the page', () => {
  beforeAll(async () => {
    await ensurePage();
    [id] = await synthesize(fields);
    await cytolocus('predict', fields, '--out', join(folder, 'cli'));
    expected = readFileSync(join(folder, 'cli', 'cells.csv'), 'utf8');
    browser = await launchBrowser();
    server = await openServer();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("shows a field's cells and scores, in English and French, and hands over the command's table", async () => {
    const page = await visit(browser, server.address);
    await uploadField(page, fields, id);
    expect(await page.getByTestId('verdict').textContent()).toMatch(
      /^Prediction: .+, Confidence: \d+\.\d\d %/,
    );
    await page.getByRole('button', { name: 'Cell 1', exact: true }).click();
    expect(await page.getByRole('heading', { name: 'Cell 1' }).isVisible()).toBe(true);
    expect(await page.locator('.cell-panel .bars li').count()).toBe(19);
    expect(await download(page, 'cells.csv')).toBe(expected);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Language').selectOption('fr');
    expect(await page.getByTestId('verdict').textContent()).toMatch(/^Prédiction/);
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.context().close();
  }, 300_000);

  test('a French browser is greeted in French; a cell is chosen by a click into the picture', async () => {
    const page = await visit(browser, server.address, 'fr-FR');
    expect(await page.locator('h2').first().textContent()).toMatch(
      /^Veuillez sélectionner toutes les images/,
    );
    await uploadField(page, fields, id);
    const [x, y, width, height] = parseCsv(expected).records[1].fields.slice(2, 6).map(Number);
    const box = (await page.locator('.canvas canvas').boundingBox())!;
    const scale = Math.min(box.width, box.height) / 256;
    const left = box.x + (box.width - 256 * scale) / 2;
    await page.mouse.click(left + (x + width / 2) * scale, box.y + (y + height / 2) * scale);
    expect(await page.locator('#cell-title').textContent()).toMatch(/^Cellule \d+$/);
    await page.context().close();
  }, 300_000);

  test("in private mode, the network cut off, the scores are the server's", async () => {
    const page = await visit(browser, server.address);
    await page.getByLabel('Private mode').check();
    await page.getByText('Private mode is on').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.context().setOffline(true);
    await uploadField(page, fields, id);
    const own = parseCsv(await download(page, 'cells.csv')).records;
    const ours = parseCsv(expected).records;
    expect(own.map(({ fields }) => fields.slice(0, 9))).toEqual(ours.map(({ fields }) => fields.slice(0, 9)));
    own.slice(1).forEach(({ fields }, i) => {
      const { fields: expectedFields } = ours[i + 1];
      // 19 scores and the protein's mean; then words that follow from them.
      fields.slice(9, 29).forEach((score, k) => {
        expect(Math.abs(Number(score) - Number(expectedFields[9 + k]))).toBeLessThan(1e-3);
      });
      expect(fields[29]).toBe(expectedFields[29]);
    });
    await page.getByRole('button', { name: 'Cell 1', exact: true }).click();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByText('Bright squares speak').waitFor();
    expect(asked.filter((url) => url.startsWith('http'))).toEqual([]);
    await page.context().close();
  }, 300_000);

  test('says in words what is wrong with a field, and goes on', async () => {
    const page = await visit(browser, server.address);
    await page.locator('input[type=file]').setInputFiles([
      { name: 'x_red.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') },
      ...['green', 'blue']
        .map((colour) => join(fields, `${id}_${colour}.png`))
        .map((path, i) => ({
          name: `x_${['green', 'blue'][i]}.png`,
          mimeType: 'image/png',
          buffer: readFileSync(path),
        })),
    ]);
    await page.locator('.drop button.primary').click();
    await page.getByText('x_red.png: is no PNG, JPEG or TIFF inside').waitFor();
    await uploadField(page, fields, id);
    await page.context().close();
  }, 300_000);
});
