import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { expect } from 'vitest';
import { parseCsv } from '../../src/io/index.js';
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

/** The same cells as in the command's `cells.csv`, with scores that differ by less than 0.001. */
export function expectSameCells(found: string, expected: string): void {
  const own = parseCsv(found).records;
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
