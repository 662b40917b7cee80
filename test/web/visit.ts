import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { COLOURS } from '../server/harness.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `npm test` builds the page beforehand; a run without it does so here. */
export async function ensurePage(): Promise<void> {
  if (existsSync(`${ROOT}dist/page/index.html`)) return;
  await build({ configFile: `${ROOT}vite.config.ts`, logLevel: 'error' });
}

/** The server's page in a new browser of that kind, with nothing kept. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(100_000);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Cytolocus' }).waitFor();
  return page;
}

/** Files of a field as they are chosen, by channel. */
export function filesOf(folder: string, id: string, colours: readonly string[] = COLOURS): string[] {
  return colours.map((colour) => `${folder}/${id}_${colour}.png`);
}

/** Chooses a field's files and sends them; waits for its prediction. */
export async function sendField(page: Page, files: string[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(files);
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

/** A click into the picture, at a pixel of a square field that is shown as a whole. */
export async function clickPixel(page: Page, size: number, x: number, y: number): Promise<void> {
  const canvas = page.locator('.canvas canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const scale = Math.min(box.width, box.height) / size;
  const left = box.x + (box.width - size * scale) / 2;
  const top = box.y + (box.height - size * scale) / 2;
  await page.mouse.click(left + (x + 0.5) * scale, top + (y + 0.5) * scale);
}

/** Faults of accessibility that axe-core calls serious or critical. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Through the debugger, since the page's policy lets no foreign script in.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
}
