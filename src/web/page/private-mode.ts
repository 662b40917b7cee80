import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { CLASSIFIER_PATH, fetchClassifier } from './api.js';
import { askEngine, onEngineLost } from './engine.js';
import { WEBGPU_CHOICES, type WebGpuChoice } from './webgpu.js';

/** The service worker looks here. */
const CACHE = 'cytolocus-1';

let loading: Promise<Uint8Array<ArrayBuffer>> | null = null;
/** Outlives the engine: in private mode it cannot be asked for again. */
let classifier: Uint8Array<ArrayBuffer> | null = null;
onEngineLost(() => {
  loading = null;
});

/** Loads the classifier into the browser's engine, once. @returns the network's bytes */
export function loadEngine(): Promise<Uint8Array<ArrayBuffer>> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Uint8Array<ArrayBuffer>> {
  classifier ??= await fetchClassifier();
  await askEngine({ kind: 'load', classifier });
  return classifier;
}

/** What the address says by `?webgpu=off` or `?webgpu=any`. */
function webGpuChoice(): WebGpuChoice {
  const wanted = new URLSearchParams(location.search).get('webgpu');
  return WEBGPU_CHOICES.find((choice) => choice === wanted) ?? 'real';
}

/**
 * Makes the page work without the network: the engine loaded, and everything that it came from kept, where the browser keeps
 * anything (over HTTPS, or from this machine). After this nothing is asked of the server.
 */
export async function goPrivate(): Promise<void> {
  const network = await loadEngine();
  const gpuFiles = await askEngine({ kind: 'accelerate', choice: webGpuChoice() });
  if (!('serviceWorker' in navigator)) return;
  const cache = await caches.open(CACHE);
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const own = loaded.filter((url) => url.startsWith(location.origin) && !url.includes('/api/'));
  // What the worker loads is not in the page's list.
  const unlisted = ['/', wasmUrl, ...gpuFiles].map((path) => new URL(path, location.href).href);
  const wanted = new Set([...unlisted, ...own]);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  await cache.addAll([...wanted].filter((url) => !kept.has(url) || url.endsWith('/')));
  // Asked for again without the visitor's key, it would be refused.
  await cache.put(CLASSIFIER_PATH, new Response(network));
  await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
}
