import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeToServer, rememberKey, server } from '../../src/web/page/api.js';

const asked: { path: string; init: RequestInit }[] = [];
let answers: Response[] = [];
const kept = new Map<string, string>();

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, init });
    return answers.shift() ?? Promise.reject(new TypeError('failed to fetch'));
  });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  closeToServer(false);
  kept.clear();
});

const busy = () => new Response(null, { status: 503, headers: { 'retry-after': '0.01' } });
const problem = (status: number, code: string) => Response.json({ code, detail: 'so it is' }, { status });
const FILES = { microtubules: new File(['r'], 'r.png'), er: new File(['y'], 'y.png') };

test('a field is sent by its colours; a busy server is asked again', async () => {
  answers = [busy(), busy(), Response.json({ id: 'job' }, { status: 202 })];
  const stages: string[] = [];
  const onStage = (stage: string) => stages.push(stage);
  expect(await server.send({ name: 'f', files: FILES }, 0.1, onStage)).toBe('job');
  expect(stages).toEqual(['busy', 'busy']);
  const form = asked[2].init.body as FormData;
  expect([...form.keys()]).toEqual(['name', 'pixelSizeUm', 'red', 'yellow']);
});

test("what an OME-TIFF's channels show goes along", async () => {
  answers = [Response.json({ id: 'job' }, { status: 202 })];
  const files = { image: new File(['t'], 'f.ome.tif') };
  const channels = { 3: 'microtubules', gfp: 'protein', 1: 'nuclei' } as const;
  await server.send({ name: 'f', files, channels }, null, () => {});
  const form = asked[0].init.body as FormData;
  expect(form.get('channels')).toBe('1=nuclei,3=microtubules,gfp=protein');
});

test('problems come with their codes', async () => {
  answers = [problem(413, 'file-too-large')];
  await expect(server.send({ name: 'f', files: FILES }, null, () => {})).rejects.toMatchObject({
    ...{ code: 'file-too-large', message: 'so it is' },
  });
  answers = [new Response('<html>', { status: 502, statusText: 'Bad gateway' })];
  await expect(server.corrections('job')).rejects.toMatchObject({ code: 'internal' });
  answers = [];
  await expect(server.corrections('job')).rejects.toMatchObject({ code: 'server-unreachable' });
});

test('the key goes along once it is known', async () => {
  rememberKey('secret');
  answers = [Response.json({})];
  await server.saveCorrections('job', { 1: { deleted: true } });
  const { path, init } = asked[0];
  expect([init.method, path, init.body]).toEqual([
    ...['PUT', '/api/v1/predictions/job/corrections', '{"1":{"deleted":true}}'],
  ]);
  expect(new Headers(init.headers).get('authorization')).toBe('Bearer secret');
});

test('closed, it asks for nothing', async () => {
  closeToServer(true);
  await expect(server.corrections('job')).rejects.toMatchObject({ code: 'private-mode' });
  await server.remove('job');
  expect(asked).toEqual([]);
});
