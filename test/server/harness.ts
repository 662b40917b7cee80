import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SHIPPED_CLASSIFIER } from '../../src/runs/index.js';
import {
  DEFAULT_LIMITS,
  type Server,
  type ServerLimits,
  type ServerOptions,
  startServer,
} from '../../src/server/index.js';
import { cytolocus } from '../cli/harness.js';

export interface TestServer extends Server {
  /** Folder of its jobs. */
  readonly store: string;
}

/** A real server on a free port, its results in a folder of its own. */
export async function openServer(
  options: Partial<Omit<ServerOptions, 'limits'>> & { limits?: Partial<ServerLimits> } = {},
): Promise<TestServer> {
  const store = options.store ?? mkdtempSync(join(tmpdir(), 'cytolocus-serve-'));
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    store,
    model: SHIPPED_CLASSIFIER,
    workers: 1,
    keys: null,
    open: false,
    log: null,
    ...options,
    limits: { ...DEFAULT_LIMITS, waitSeconds: 100, ...options.limits },
  });
  return {
    store,
    address: server.address,
    async close() {
      await server.close();
      if (options.store === undefined) rmSync(store, { recursive: true, force: true });
    },
  };
}

/** The same, closed after the test. */
export async function testServer(options: Parameters<typeof openServer>[0] = {}): Promise<TestServer> {
  const server = await openServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A folder with synthetic fields of 256 px, and their ids. */
export async function synthesize(folder: string, images = 1, size = 256): Promise<string[]> {
  await cytolocus(
    'synth',
    '--workers',
    '1',
    '--images',
    `${images}`,
    '--size',
    `${size}`,
    '--seed',
    '5',
    '--out',
    folder,
  );
  return readdirSync(folder).flatMap((name) =>
    name.endsWith('_red.png') ? [name.replace('_red.png', '')] : [],
  );
}

export const COLOURS = ['red', 'green', 'blue', 'yellow'] as const;

/** The upload of a field's four files; `replaced` puts other bytes in place of a file, or leaves it out (null). */
export function uploadOf(
  folder: string,
  id: string,
  options: Readonly<Record<string, string>> = {},
  replaced: Readonly<Partial<Record<(typeof COLOURS)[number], Uint8Array | null>>> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(options)) form.append(name, value);
  for (const colour of COLOURS) {
    const bytes =
      replaced[colour] === undefined ? readFileSync(join(folder, `${id}_${colour}.png`)) : replaced[colour];
    if (bytes !== null) form.append(colour, new Blob([Uint8Array.from(bytes)]), `${id}_${colour}.png`);
  }
  return form;
}

/** A request's status and JSON body. */
export async function ask(server: Server, path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.address}${path}`, init);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: type.includes('json') ? JSON.parse(text) : null,
  };
}

export function post(server: Server, body: FormData, headers: Record<string, string> = {}) {
  return ask(server, '/api/v1/predictions', { method: 'POST', body, headers });
}

/** Asks until the prediction is done or failed. */
export async function untilFinished(server: Server, id: string) {
  for (;;) {
    const { body } = await ask(server, `/api/v1/predictions/${id}`);
    if (body.state === 'done' || body.state === 'failed') return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
