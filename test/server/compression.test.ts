import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, openServer, post, synthesize, type TestServer, uploadOf } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
let server: TestServer;
let id: string;
let prediction: { id: string; result: { files: Record<string, string> } };

beforeAll(async () => {
  [id] = await synthesize(folder);
  server = await openServer();
  prediction = (await post(server, uploadOf(folder, id))).body;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The answer as the client's program gets it, with how it came. */
async function get(path: string, encoding: string) {
  const response = await fetch(`${server.address}${path}`, { headers: { 'accept-encoding': encoding } });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { encoding: response.headers.get('content-encoding'), headers: response.headers, bytes };
}

test('long text answers are compressed as the client asks for, short ones and pictures are not', async () => {
  const { files } = prediction.result;
  for (const path of [
    `/api/v1/predictions/${prediction.id}`,
    files['cells.csv'],
    files['cells.geojson'],
    '/docs/json',
  ]) {
    const plain = await get(path, 'identity');
    expect(plain.encoding, path).toBeNull();
    for (const encoding of ['br', 'gzip']) {
      const answer = await get(path, encoding);
      expect(answer.encoding, path).toBe(encoding);
      expect(answer.headers.get('vary')).toContain('accept-encoding');
      expect(answer.bytes).toEqual(plain.bytes);
    }
  }
  for (const path of ['/api/v1/health', files['cells.png'], '/api/v1/models/classifier.onnx']) {
    expect((await get(path, 'br, gzip')).encoding, path).toBeNull();
  }
});

test('events come as they happen, not compressed', async () => {
  const jobs = [];
  for (let i = 0; i < 3; i++)
    jobs.push(await post(server, uploadOf(folder, id), { prefer: 'respond-async' }));
  const path = `/api/v1/predictions/${jobs[2].body.id}`;
  const response = await fetch(`${server.address}${path}/events`, {
    headers: { 'accept-encoding': 'br, gzip' },
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  expect(first.value).toContain('"stage":"queued"');
  // Two jobs are before it: had the event been held back, it would have come with the others, at the end.
  expect((await ask(server, path)).body.state).not.toBe('done');
  await reader.cancel();
});

test('a compressed body of a request is not unpacked', async () => {
  const answer = await ask(server, `/api/v1/predictions/${prediction.id}/corrections`, {
    method: 'PUT',
    body: gzipSync(JSON.stringify({ 1: { deleted: true } })),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
});

const PAGE = fileURLToPath(new URL('../../dist/page', import.meta.url));

test.skipIf(!existsSync(PAGE))(
  "the page's files come as the build has compressed them (skipped where it is not built)",
  async () => {
    const assets = readdirSync(join(PAGE, 'assets'));
    for (const name of assets.filter((file) => /\.(m?js|css|wasm)$/.test(file))) {
      for (const [encoding, ending] of [
        ['br', 'br'],
        ['gzip', 'gz'],
      ]) {
        const answer = await get(`/assets/${name}`, encoding);
        expect(answer.encoding, name).toBe(encoding);
        // Not toEqual: it would compare 14 million bytes one by one.
        expect(answer.bytes.equals(readFileSync(join(PAGE, 'assets', name)))).toBe(true);
        const bytes = readFileSync(join(PAGE, 'assets', `${name}.${ending}`)).length;
        expect(Number(answer.headers.get('content-length'))).toBe(bytes);
        expect(answer.headers.get('cache-control')).toContain('immutable');
        expect(answer.headers.get('vary')).toContain('accept-encoding');
      }
    }
    const wasm = assets.find((file) => file.endsWith('.wasm'));
    expect((await get(`/assets/${wasm}`, 'br')).headers.get('content-type')).toBe('application/wasm');
    const plain = await get('/', 'identity');
    expect([plain.encoding, plain.bytes]).toEqual([null, readFileSync(join(PAGE, 'index.html'))]);
  },
);
