/** What the test's page runs: a training in the browser; `window.train` gives its losses. */
import * as cpu from 'onnxruntime-web';
import * as gpu from 'onnxruntime-web/webgpu';
import { browserRuntime } from '../../src/web/index.js';
import { firstLosses } from './losses.js';

for (const { env } of [cpu, gpu]) {
  env.wasm.wasmPaths = new URL('./ort/', location.href).href;
  // More threads need a page that is isolated from others.
  env.wasm.numThreads = 1;
}

Object.assign(globalThis, {
  async train(device: 'cpu' | 'webgpu', steps: number) {
    return firstLosses(await browserRuntime(device === 'cpu' ? cpu : gpu, device), steps);
  },
});
