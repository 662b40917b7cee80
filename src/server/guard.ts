import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ApiKeys, ownerOf } from './keys.js';
import { HttpProblem } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the API key that asks; null where none is needed. */
    owner: string | null;
  }
}

/** Names under which a server on this machine alone is reached. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '::1'];

export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses what other web sites make a visitor's browser send: a server on loopback is reached by every page that the user opens.
 * The host must be a name of this machine (else a foreign name may have been pointed at it), and a page's origin the server's own.
 */
export function addOriginGuard(app: FastifyInstance, loopbackOnly: boolean): void {
  app.addHook('onRequest', async (request) => {
    const { host = '', origin } = request.headers;
    if (loopbackOnly && !isLoopback(host.replace(/:\d+$/, ''))) {
      throw new HttpProblem(
        'foreign-host',
        'the server is asked by a foreign name; expected localhost or 127.0.0.1',
      );
    }
    if (origin !== undefined && hostOf(origin) !== host) {
      throw new HttpProblem(
        'foreign-origin',
        'the request comes from another web site; use the page of this server',
      );
    }
  });
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Asks for a key (`Authorization: Bearer KEY`) on every route of this context whose config does not say `open`. */
export function addKeyGuard(app: FastifyInstance, keys: ApiKeys | null): void {
  app.decorateRequest('owner', null);
  app.addHook('onRequest', async (request) => {
    if (keys === null || isOpen(request)) return;
    const match = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '');
    const owner = match === null ? null : ownerOf(keys, match[1]);
    if (owner === null) {
      const found = match === null ? 'no API key was given' : 'the API key is not known';
      throw new HttpProblem('key-needed', `${found}; expected the header "Authorization: Bearer KEY"`, {
        'www-authenticate': 'Bearer',
      });
    }
    request.owner = owner;
  });
}

function isOpen(request: FastifyRequest): boolean {
  return 'open' in request.routeOptions.config && request.routeOptions.config.open === true;
}
