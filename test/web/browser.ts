import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build, preview } from 'vite';
import { hasBrowser, launchBrowser } from '../../scripts/chromium.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ORT_FILES = fileURLToPath(new URL('../../node_modules/onnxruntime-web/dist', import.meta.url));

export { hasBrowser, launchBrowser };

/** `page.ts` bundled, served and opened in a headless browser with WebGPU by software. */
export async function openPage(): Promise<{ page: Page; close(): Promise<void> }> {
  const site = mkdtempSync(join(tmpdir(), 'cytolocus-web-'));
  await build({
    root: HERE,
    logLevel: 'error',
    build: {
      outDir: join(site, 'dist'),
      lib: { entry: join(HERE, 'page.ts'), formats: ['es'], fileName: 'page' },
      target: 'esnext',
      // As the page's own files: a library build would write the 14 MB of WebAssembly into the script.
      rollupOptions: {
        external: [/^onnxruntime-web/],
        output: {
          paths: {
            'onnxruntime-web': './ort/ort.wasm.min.mjs',
            'onnxruntime-web/webgpu': './ort/ort.webgpu.min.mjs',
          },
        },
      },
    },
  });
  writeFileSync(join(site, 'dist', 'index.html'), '<script type="module" src="page.js"></script>');
  symlinkSync(ORT_FILES, join(site, 'dist', 'ort'));
  const { httpServer } = await preview({
    root: site,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  });
  const server = httpServer as Server;
  const browser = await launchBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
  await page.waitForFunction('window.train');
  return {
    page,
    async close() {
      await browser.close();
      server.close();
      rmSync(site, { recursive: true, force: true });
    },
  };
}
