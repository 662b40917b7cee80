import { fetchClassifier } from './api.js';
import { askEngine } from './engine.js';

let loading: Promise<void> | null = null;

/** Loads the classifier into the browser's engine, once. */
export function loadEngine(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  await askEngine({ kind: 'load', classifier: await fetchClassifier() });
}

/**
 * Makes the page work without the network: the engine loaded, and everything it came from kept by the service worker. After
 * this nothing is asked of the server.
 */
export async function goPrivate(): Promise<void> {
  await loadEngine();
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const own = loaded.filter((url) => url.startsWith(location.origin) && !/\/api\/v1\/predictions/.test(url));
  active?.postMessage({ keep: ['/', ...own] });
}
