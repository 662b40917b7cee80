import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, openServer, synthesize, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import { download, ensurePage, filesOf, sendField, visit } from './visit.js';

const fields = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
let browser: Browser;
let server: TestServer;
let id: string;

describe.skipIf(!hasBrowser)('the page, with what goes wrong', () => {
  beforeAll(async () => {
    await ensurePage();
    [id] = await synthesize(fields);
    browser = await launchBrowser();
    server = await openServer();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(fields, { recursive: true, force: true });
  });

  const correctCell1 = async (page: Page) => {
    await page.getByRole('button', { name: 'Cell 1', exact: true }).click();
    await page.getByText('Correct this cell').click();
    await page.getByLabel('This is no cell').check();
    await page.getByRole('button', { name: 'Save' }).click();
  };
  const corrections = async () => {
    const { body } = await ask(server, '/api/v1/predictions');
    return (await ask(server, `/api/v1/predictions/${body[0].id}`)).body.corrections;
  };

  test('a correction that cannot be saved is told, kept over a reload, and saved when it is tried again', async () => {
    const page = await visit(browser, server.address);
    await sendField(page, filesOf(fields, id));
    await page.route('**/corrections', (route) => route.abort());
    await correctCell1(page);
    await page.getByRole('alert').getByText('not saved on the server. The server does not answer.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: id, exact: true }).click();
    await page.getByRole('cell', { name: 'no cell (corrected)' }).waitFor();
    expect(await corrections()).toEqual({});
    await page.unroute('**/corrections');
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    // The notice goes when saving begins anew.
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(corrections).toEqual({ 1: { deleted: true } });
    await page.context().close();
  }, 300_000);

  test('a prediction that the server no longer keeps is opened from the browser, which says so', async () => {
    const page = await visit(browser, server.address);
    await sendField(page, filesOf(fields, id));
    const table = await download(page, 'cells.csv');
    const { body } = await ask(server, '/api/v1/predictions');
    await ask(server, `/api/v1/predictions/${body[0].id}`, { method: 'DELETE' });
    await page.reload();
    await page.getByRole('button', { name: id, exact: true }).click();
    await page.getByText('The server no longer keeps this prediction.').waitFor();
    expect(await download(page, 'cells.csv')).toBe(table);
    await correctCell1(page);
    await page.getByText('Kept in this browser.').waitFor();
    await page.getByRole('button', { name: `Remove ${id}` }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Choose the images' }).waitFor();
    expect(await page.getByRole('button', { name: id, exact: true }).count()).toBe(0);
    await page.context().close();
  }, 300_000);

  test('a French browser is greeted, warned and told what is wrong in French; a bad field stops no other', async () => {
    const page = await visit(browser, server.address, { locale: 'fr-FR' });
    expect(await page.locator('h2').first().textContent()).toMatch(
      /^Veuillez sélectionner toutes les images/,
    );
    const [green, blue] = filesOf(fields, id, ['green', 'blue']).map((path) => readFileSync(path));
    const mimeType = 'image/png';
    await page.locator('input[type=file]').setInputFiles([
      { name: 'x_red.png', mimeType, buffer: Buffer.from('not a picture') },
      { name: 'x_green.png', mimeType, buffer: green },
      { name: 'x_blue.png', mimeType, buffer: blue },
    ]);
    await page.locator('.drop button.primary').click();
    await page.getByText("x_red.png : le contenu n'est pas une image PNG, JPEG ou TIFF.").waitFor();
    await sendField(page, filesOf(fields, id, ['red', 'green', 'blue']));
    await page.getByText('Le réticulum endoplasmique est absent').waitFor();
    await page.context().close();
  }, 300_000);
});
