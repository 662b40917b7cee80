import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { COLOURS } from '../server/harness.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `npm test` builds the page beforehand; a run without it does so here. */
export async function ensurePage(): Promise<void> {
  if (existsSync(`${ROOT}dist/page/index.html`)) return;
  await build({ configFile: `${ROOT}vite.config.ts`, logLevel: 'error' });
}

/** The server's page in a browser of that language. */
export async function visit(browser: Browser, address: string, locale = 'en-GB'): Promise<Page> {
  const context = await browser.newContext({ locale, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(200_000);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Cytolocus' }).waitFor();
  return page;
}

/** Chooses a field's four files and sends them; waits for its prediction. */
export async function uploadField(page: Page, folder: string, id: string, ending = 'png'): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles(COLOURS.map((colour) => `${folder}/${id}_${colour}.${ending}`));
  await page.locator('.drop button.primary').click();
  await page.getByTestId('verdict').waitFor();
}

/** The text of a file that a button hands over. */
export async function download(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

/** Faults of accessibility that axe-core calls serious or critical. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Through the debugger, since the page's policy lets no foreign script in.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
}
