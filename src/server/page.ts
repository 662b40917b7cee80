import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { App } from './context.js';

/** The built page (`npm run build`). From source and from `dist` alike it lies beside the built program. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/page', import.meta.url));

/** Serves the page at `/`; a checkout whose page is not built has the API alone. */
export async function addPage(app: App): Promise<void> {
  if (!existsSync(PAGE_FOLDER)) return;
  await app.register(fastifyStatic, {
    root: PAGE_FOLDER,
    // The build has made FILE.br and FILE.gz.
    preCompressed: true,
    // It would overwrite what is set below.
    cacheControl: false,
    // Built files bear a digest in their names; the page itself and its service worker may change.
    setHeaders(reply, path) {
      const fixed = /-[\w-]{8,}\.\w+(\.br|\.gz)?$/.test(basename(path));
      reply.setHeader('vary', 'accept-encoding');
      reply.setHeader('cache-control', fixed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
