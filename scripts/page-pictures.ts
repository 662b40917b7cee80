// npx tsx scripts/page-pictures.ts OUT: the pictures of docs/page.md, of the built page in headless Chromium with synthetic fields,
// light and dark, 1440 and 390 px wide.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { hasBrowser, launchBrowser } from './chromium.js';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const [out] = process.argv.slice(2);
if (out === undefined || !hasBrowser) {
  console.error('usage: npx tsx scripts/page-pictures.ts OUT, with a browser at /usr/bin/chromium');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'cytolocus-pictures-'));
const fields = join(folder, 'fields');
spawnSync(process.execPath, [
  CLI,
  'synth',
  '--images',
  '2',
  '--size',
  '1024',
  '--seed',
  '11',
  '--out',
  fields,
]);
const server = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--store', join(folder, 'store')]);
const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? '';
const browser = await launchBrowser();

/** As `synth` names them. */
const FIELDS = ['synth-11-00000', 'synth-11-00001'];
const WIDE = { width: 1440, height: 1040 };
const NARROW = { width: 390, height: 1240 };

async function open(locale: string): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: WIDE });
  const page = await context.newPage();
  page.setDefaultTimeout(200_000);
  await page.goto(address);
  return page;
}

async function send(page: Page, name: string, colours = ['red', 'green', 'blue', 'yellow']): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles(colours.map((colour) => join(fields, `${name}_${colour}.png`)));
  await page.locator('.drop button.primary').click();
}

/** The part of the page from an element on, as it is seen. */
async function shoot(page: Page, name: string, from?: string): Promise<void> {
  await page.evaluate(
    from === undefined ? 'scrollTo(0, 0)' : `document.querySelector('${from}').scrollIntoView()`,
  );
  // Drawn by the browser's next frames.
  await page.waitForTimeout(1500);
  await sharp(await page.screenshot())
    .webp({ quality: 75 })
    .toFile(join(out, `${name}.webp`));
}

try {
  const page = await open('en-GB');
  await send(page, FIELDS[0]);
  await page.getByTestId('verdict').waitFor();
  await send(page, FIELDS[1]);
  await page.getByRole('heading', { name: 'Compare fields' }).waitFor();
  await page.getByRole('button', { name: 'Cell 3', exact: true }).click();
  await shoot(page, 'light');
  await page.getByRole('button', { name: 'Why?' }).click();
  await page.getByText('Bright squares speak').waitFor();
  await page.getByLabel('Colour the cells').selectOption('location');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'dark', '#field-title');
  await shoot(page, 'figures', '.charts');
  await page.setViewportSize(NARROW);
  await shoot(page, 'phone-dark', '#field-title');
  await page.emulateMedia({ colorScheme: 'light' });
  await shoot(page, 'phone-light', '.cell-panel');

  const french = await open('fr-FR');
  await send(french, FIELDS[0], ['red', 'green', 'blue']);
  await french.getByText('Le réticulum endoplasmique est absent').waitFor();
  await french.getByRole('button', { name: 'Cellule 1', exact: true }).click();
  await french.getByText('Corriger cette cellule').click();
  await shoot(french, 'french', '#fields');
} finally {
  await browser.close();
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
