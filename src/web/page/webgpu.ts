/** The browser's graphics processor for the worker: its own build of the runtime, fetched only where there is one. */

import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type * as Ort from 'onnxruntime-web/webgpu';
import scriptUrl from 'onnxruntime-web/webgpu?url';
import { ModelError } from '../../common/index.js';
import type { Runtime } from '../../engine/index.js';
import { browserRuntime } from '../runtime.js';

/** `real`: a graphics processor that is none by software, which WebAssembly beats; `any`: also such a one, for tests. */
export const WEBGPU_CHOICES = ['real', 'any', 'off'] as const;
export type WebGpuChoice = (typeof WEBGPU_CHOICES)[number];

/** What `openWebGpu` fetches. */
export const WEBGPU_FILES: readonly string[] = [scriptUrl, wasmUrl];

export interface WebGpu {
  readonly runtime: Runtime;
  /**
   * Rejects when the device of the sessions that are open is gone: its driver was restarted, the computer slept. The runtime
   * makes another device once all its sessions are closed.
   */
  lost(): Promise<never>;
}

/** Whether this browser has a graphics processor of the wanted kind. */
export async function hasWebGpu(choice: WebGpuChoice): Promise<boolean> {
  if (choice === 'off' || navigator.gpu === undefined) return false;
  const adapter = await navigator.gpu.requestAdapter();
  return adapter !== null && (choice === 'any' || !isSoftware(adapter.info));
}

function isSoftware({ isFallbackAdapter, vendor, architecture }: GPUAdapterInfo): boolean {
  return isFallbackAdapter || (vendor === 'google' && architecture === 'swiftshader');
}

/**
 * Opens the runtime on the graphics processor.
 * @throws ModelError `device-absent`; whatever the fetching of its files throws
 */
export async function openWebGpu(): Promise<WebGpu> {
  // By its address, and not bundled, so that the page knows what to keep for work offline.
  const ort = (await import(/* @vite-ignore */ scriptUrl)) as typeof Ort;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href };
  ort.env.wasm.numThreads = 1;
  const runtime = await browserRuntime(ort, 'webgpu');
  return {
    runtime,
    async lost() {
      const device: GPUDevice = await ort.env.webgpu.device;
      const { message } = await device.lost;
      throw new ModelError('device-lost', `the graphics processor was lost: ${message}`);
    },
  };
}
