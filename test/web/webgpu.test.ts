import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cytolocus } from '../cli/harness.js';
import { openServer, type TestServer } from '../server/harness.js';
import { hasBrowser, launchBrowser } from './browser.js';
import { download, ensurePage, expectSameCells, filesOf, visit } from './visit.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
const fields = join(folder, 'fields');
let browser: Browser;
let server: TestServer;

/** One cell: a graphics processor made by software takes about a second for each of its turned crops. */
const PIXEL_UM = '0.5';
const ID = 'synth-5-00000';

/** Whether this browser makes a graphics processor by software. */
function hasAdapter(page: Page): Promise<boolean> {
  return page.evaluate('navigator.gpu?.requestAdapter().then((found) => found !== null) ?? false');
}

/** Has the page locate the field, so often at once, and compares its table with the command's. */
async function sendSmallField(page: Page, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await page.locator('input[type=file]').setInputFiles(filesOf(fields, ID));
    // The input is empty again once its files are taken.
    await page.getByLabel(`${ID}_red.png`).nth(i).waitFor();
  }
  await page.getByLabel('Pixel size').fill(PIXEL_UM);
  await page.locator('.drop button.primary').click();
  await page
    .getByText('Done', { exact: true })
    .nth(times - 1)
    .waitFor();
  expectSameCells(await download(page, 'cells.csv'), readFileSync(join(folder, 'cells.csv'), 'utf8'));
  for (let i = 0; i < times; i++)
    await page
      .getByRole('button', { name: `Remove ${ID}` })
      .first()
      .click();
}

describe.skipIf(!hasBrowser)('private mode with a graphics processor (made by software)', () => {
  beforeAll(async () => {
    await ensurePage();
    const scale = ['--pixel-size', PIXEL_UM];
    await cytolocus('synth', '--images', '1', '--size', '96', '--seed', '5', ...scale, '--out', fields);
    await cytolocus('predict', fields, ...scale, '--out', folder);
    browser = await launchBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
    server = await openServer();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("offline the scores are the server's; when the processor is lost, WebAssembly goes on and the page says so", async (context) => {
    const page = await visit(browser, `${server.address}/?webgpu=any`);
    if (!(await hasAdapter(page))) context.skip('this browser has no WebGPU adapter');
    await page.getByLabel('Private mode').check();
    await page.getByText('it works offline. The graphics processor computes (WebGPU).').waitFor();
    await page.context().setOffline(true);
    // What was kept is enough to begin anew.
    await page.reload();
    await page.getByText('it works offline. The graphics processor computes (WebGPU).').waitFor();
    // Two at once would end the runtime, if they were not run in turn.
    await sendSmallField(page, 2);
    await page.getByText('The graphics processor computes (WebGPU).').waitFor();

    const debug = await browser.newBrowserCDPSession();
    // Its answer was to come from the process that it ends.
    debug.send('Browser.crashGpuProcess').catch(() => {});
    await page.getByText('The graphics processor was lost. The processor computes (WebAssembly).').waitFor();
    await sendSmallField(page);
    await page.context().close();
  }, 300_000);

  test('WebAssembly goes on, and the page says so, where its files cannot be had', async (context) => {
    const page = await visit(browser, `${server.address}/?webgpu=any`);
    if (!(await hasAdapter(page))) context.skip('this browser has no WebGPU adapter');
    await page.context().route(/asyncify/, (route) => route.abort());
    await page.getByLabel('Private mode').check();
    await page.getByText('The graphics processor cannot be used. The processor computes').waitFor();
    await sendSmallField(page);
    await page.context().close();
  }, 100_000);

  test('is not used where it is software, nor are its files fetched', async () => {
    const page = await visit(browser, server.address);
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    await page.getByLabel('Private mode').check();
    await page.getByText('Private mode is on').waitFor();
    await page.getByText('it works offline. The processor computes (WebAssembly).').waitFor();
    expect(asked.filter((url) => /webgpu|asyncify/.test(url))).toEqual([]);
    expect(asked.filter((url) => url.endsWith('.wasm'))).not.toEqual([]);
    await page.context().close();
  }, 100_000);
});
