import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../scripts/chromium.js';
import { runCli } from './cli-run.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import { type RunningServer, startServer } from './serve.js';

const PAGE = fileURLToPath(new URL('../dist/page', import.meta.url));
const VISITS = 5;
/** With this pixel size about 60 cells lie in a synthetic field of 2048 x 2048. */
const PIXEL_SIZE_UM = 0.14;
const PAN_SECONDS = 4;
const MOUSE_MS = 16;

const WEIGHT = 'weight, gzipped';
const INTERACTIVE = 'time until it can be used';
const PANNING = 'panning a field of 2048x2048';

/** The web page as a visitor has it: how much is loaded, how soon it works, how smoothly it moves without a graphics processor. */
export const pageBenchmark: Benchmark = {
  name: 'page',
  what: `the page's bytes; ${VISITS} first visits over loopback; panning with outlines, drawn by software`,
  async run(wanted) {
    const results = wanted(WEIGHT) ? weights() : [];
    if (!hasBrowser || !(wanted(INTERACTIVE) || wanted(PANNING))) return results;
    const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
    const server = await startServer(join(folder, 'store'));
    const browser = await launchBrowser(['--disable-gpu']);
    try {
      if (wanted(INTERACTIVE)) results.push(await interactive(browser, server));
      if (wanted(PANNING)) results.push(...(await panning(browser, server, folder)));
      return results;
    } finally {
      await browser.close();
      server.child.kill();
      await once(server.child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function result(name: string, ours: number, unit: string): BenchResult {
  return { case: name, ours, unit, peer: null, peerName: null, ratio: null, peakMemoryMb: null };
}

/** Everything but WebAssembly, which only private mode and "Why?" load, as they do the networks. */
function weights(): BenchResult[] {
  if (!existsSync(PAGE)) throw new Error(`there is no page at ${PAGE}; run npm run build`);
  const files = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(html|m?js|css|svg)$/.test(name),
  );
  const kB = (names: string[]) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(PAGE, name)), { level: 9 }).length, 0) /
    1000;
  const first = files.filter((name) => !/engine-worker|ort\.webgpu/.test(name));
  return [
    result(`${WEIGHT}: a first visit`, kB(first), 'kB'),
    result(`${WEIGHT}: with the engine of private mode and WebGPU, without WebAssembly`, kB(files), 'kB'),
  ];
}

/** From the start of the navigation until files can be chosen and the main thread is idle, in browsers that know nothing yet. */
async function interactive(browser: Browser, { address }: RunningServer): Promise<BenchResult> {
  const seconds: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator('input[type=file]').waitFor({ state: 'attached' });
    const ms = await page.evaluate(
      'new Promise((idle) => requestIdleCallback(() => idle(performance.now())))',
    );
    seconds.push((ms as number) / 1000);
    await context.close();
  }
  return result(`${INTERACTIVE}, first visit, loopback`, median(seconds), 's');
}

/** Frames drawn while the mouse drags the picture: the whole field, then nearer, so that every pixel of the canvas is a cell's. */
async function panning(browser: Browser, { address }: RunningServer, folder: string): Promise<BenchResult[]> {
  const fields = join(folder, 'field');
  const size = ['--size', '2048', '--pixel-size', `${PIXEL_SIZE_UM}`, '--style', 'compact'];
  runCli(folder, ['synth', '--images', '1', '--seed', '3', ...size, '--out', fields]);
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  page.setDefaultTimeout(120_000);
  await page.goto(address);
  const files = readdirSync(fields).filter((name) => name.endsWith('.png'));
  await page.locator('input[type=file]').setInputFiles(files.map((name) => join(fields, name)));
  await page.locator('input[type=number]').fill(`${PIXEL_SIZE_UM}`);
  await page.locator('.drop button.primary').click();
  await page.getByTestId('verdict').waitFor();
  const cells = await page.locator('tbody tr').count();
  const text = `${PANNING}, ${cells} cells' outlines, no GPU`;
  const whole = await pan(browser, page);
  for (let step = 0; step < 4; step++) await page.getByRole('button', { name: 'Zoom in' }).click();
  const near = await pan(browser, page);
  return [
    result(`${text}: whole field`, whole.framesPerSecond, 'frames/s'),
    result(`${text}: whole field, processor time`, whole.cpuMs, 'ms/frame'),
    result(`${text}: zoomed in`, near.framesPerSecond, 'frames/s'),
    result(`${text}: zoomed in, processor time`, near.cpuMs, 'ms/frame'),
  ];
}

/**
 * Drags the picture as a mouse of 60 Hz does. Frames are those drawn on the viewer's canvas; the processor time is that of all of the
 * browser's processes, which says what a frame costs where other work shares the machine.
 */
async function pan(browser: Browser, page: Page): Promise<{ framesPerSecond: number; cpuMs: number }> {
  const canvas = page.locator('.canvas canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.evaluate(`(() => {
    const { prototype } = CanvasRenderingContext2D;
    const draw = (prototype.original ??= prototype.drawImage);
    window.drawnFrames = 0;
    prototype.drawImage = function (...given) {
      window.drawnFrames++;
      return draw.apply(this, given);
    };
  })()`);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const cpuSeconds = await cpuSecondsOf(browser);
  const start = performance.now();
  const moves: Promise<void>[] = [];
  for (let turn = 0; performance.now() - start < 1000 * PAN_SECONDS; turn++) {
    const angle = turn / 16;
    moves.push(page.mouse.move(x + 150 * Math.cos(angle), y + 150 * Math.sin(angle)));
    await sleep(MOUSE_MS);
  }
  await Promise.all(moves);
  const seconds = (performance.now() - start) / 1000;
  const frames = (await page.evaluate('window.drawnFrames')) as number;
  const cpuMs = (1000 * ((await cpuSecondsOf(browser)) - cpuSeconds)) / frames;
  await page.mouse.up();
  return { framesPerSecond: frames / seconds, cpuMs };
}

async function cpuSecondsOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
