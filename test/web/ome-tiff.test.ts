import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cytolocus } from '../cli/harness.js';
import { quartetAsOmeTiff } from '../io/ome.js';
import { openServer, synthesize, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import { download, ensurePage, visit } from './visit.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
const fields = join(folder, 'fields');
let browser: Browser;
let server: TestServer;

describe.skipIf(!hasBrowser)('an OME-TIFF on the page', () => {
  beforeAll(async () => {
    await ensurePage();
    browser = await launchBrowser();
    server = await openServer();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is shown and sent as one file, with the command's table in return", async () => {
    const [id] = await synthesize(fields);
    await cytolocus('predict', fields, '--out', join(folder, 'cli'));
    const path = join(folder, `${id}.ome.tif`);
    writeFileSync(path, await quartetAsOmeTiff(fields, id));
    const page = await visit(browser, server.address);
    await page.locator('input[type=file]').setInputFiles([path]);
    expect(await page.getByLabel(`${id}.ome.tif`).inputValue()).toBe('image');
    await page.locator('.drop button.primary').click();
    await page.getByTestId('verdict').waitFor();
    expect(await download(page, 'cells.csv')).toBe(readFileSync(join(folder, 'cli', 'cells.csv'), 'utf8'));
    writeFileSync(path, await quartetAsOmeTiff(fields, id, ['DAPI', 'GFP', 'Cy3', 'Cy5']));
    await page.locator('input[type=file]').setInputFiles([path]);
    await page.locator('.drop button.primary').click();
    await page.getByText(/its channels are "DAPI", "GFP", "Cy3", "Cy5"/).waitFor();
    await page.context().close();
  }, 300_000);
});
