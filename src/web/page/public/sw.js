// Gives out what the page kept in private mode (private-mode.ts), so that it works offline. Results and uploads are never kept there.
const CACHE = 'cytolocus-1';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== 'GET' || pathname.startsWith('/api/v1/predictions')) return;
  // Built files bear a digest in their names and never change; for the rest the network comes first.
  const fixed = pathname.startsWith('/assets/');
  event.respondWith(
    fixed ? fromCache(request).then((found) => found ?? fetch(request)) : fromNetwork(request),
  );
});

async function fromCache(request) {
  // The page is the same whatever its address asks for.
  const ignoreSearch = request.mode === 'navigate';
  return (await caches.open(CACHE)).match(request, { ignoreVary: true, ignoreSearch });
}

async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await fromCache(request);
    if (found === undefined) throw error;
    return found;
  }
}
