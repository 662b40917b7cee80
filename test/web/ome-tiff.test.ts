import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cytolocus } from '../cli/harness.js';
import { quartetAsOmeTiff } from '../io/ome.js';
import { openServer, synthesize, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import { download, ensurePage, seriousFaults, visit } from './visit.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
const fields = join(folder, 'fields');
let browser: Browser;
let server: TestServer;
let id: string;
let path: string;

describe.skipIf(!hasBrowser)('an OME-TIFF on the page', () => {
  beforeAll(async () => {
    await ensurePage();
    browser = await launchBrowser();
    server = await openServer();
    [id] = await synthesize(fields);
    path = join(folder, `${id}.ome.tif`);
    await cytolocus('predict', fields, '--out', join(folder, 'cli'));
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Chooses the file; the button that sends it. */
  const choose = async (page: Page, path: string) => {
    await page.locator('input[type=file]').setInputFiles([path]);
    expect(await page.getByLabel(`${id}.ome.tif`).inputValue()).toBe('image');
    return page.locator('.drop button.primary');
  };
  const send = async (page: Page) => {
    await page.locator('.drop button.primary').click();
    await page.getByTestId('verdict').waitFor();
    expect(await download(page, 'cells.csv')).toBe(readFileSync(join(folder, 'cli', 'cells.csv'), 'utf8'));
    await page.getByRole('button', { name: `Remove ${id}` }).click();
  };

  test("is shown and sent as one file, its channels as their names say, with the command's table in return", async () => {
    writeFileSync(path, await quartetAsOmeTiff(fields, id));
    const page = await visit(browser, server.address);
    await choose(page, path);
    const guessed = [
      ['DAPI', 'nuclei'],
      ['target', 'protein'],
      ['tubulin', 'microtubules'],
      ['ER', 'er'],
    ];
    for (const [name, role] of guessed) {
      expect(await page.getByLabel(name, { exact: true }).inputValue()).toBe(role);
    }
    await send(page);
    await page.context().close();
  }, 300_000);

  test.each(['server', 'private mode'])(
    'whose names say nothing is a question; what is said counts (a BigTIFF, %s)',
    async (place) => {
      writeFileSync(path, await quartetAsOmeTiff(fields, id, ['DAPI', 'GFP', 'Cy3', 'Cy5'], 'big'));
      const page = await visit(browser, server.address);
      if (place === 'private mode') {
        await page.getByLabel('Private mode').check();
        await page.getByText('Private mode is on').waitFor();
      }
      const button = await choose(page, path);
      await page.getByText('channels show: Microtubules (red), Protein (green).').waitFor();
      expect(await button.isDisabled()).toBe(true);
      expect(await seriousFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByLabel('GFP').selectOption('protein');
      await page.getByLabel('Cy3').selectOption('microtubules');
      await page.getByText('which of the other channels shows the ER').waitFor();
      expect(await button.isDisabled()).toBe(true);
      await page.getByLabel('Cy5').selectOption('er');
      await send(page);
      await page.context().close();
    },
    300_000,
  );

  test('whose names mislead is put right; the question comes in French, too', async () => {
    writeFileSync(path, await quartetAsOmeTiff(fields, id, ['DAPI', 'ER', 'tubulin', 'target']));
    const page = await visit(browser, server.address);
    await choose(page, path);
    await page.getByLabel('ER', { exact: true }).selectOption('protein');
    expect(await page.getByLabel('target').inputValue()).toBe('er');
    await page.getByLabel('target').selectOption('');
    await page.getByLabel('Language').selectOption('fr');
    await page.getByText('lequel des autres canaux montre le RE').waitFor();
    await page.getByLabel('target').selectOption('er');
    await page.getByLabel('Langue').selectOption('en');
    await send(page);
    await page.context().close();
  }, 300_000);

  test('that is none is told at once', async () => {
    writeFileSync(path, 'no picture');
    const page = await visit(browser, server.address);
    await choose(page, path);
    await page.getByRole('alert').getByText('is no PNG, JPEG or TIFF image inside').waitFor();
    await page.context().close();
  }, 100_000);
});
