import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../src/common/index.js';
import { addApiKey } from '../../src/server/index.js';
import { ask, openServer, post, synthesize, testServer, untilFinished, uploadOf } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
let id: string;
beforeAll(async () => {
  [id] = await synthesize(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IN_BACKGROUND = { prefer: 'respond-async' };

test('beyond the bounded queue uploads are refused with the time to come again', async () => {
  const server = await testServer({ limits: { queue: 1 } });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await post(server, uploadOf(folder, id), IN_BACKGROUND));
  expect(answers.slice(0, 2).map(({ status }) => status)).toEqual([202, 202]);
  const refused = answers.at(-1);
  expect(refused).toMatchObject({ status: 503, body: { code: 'queue-full' } });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask(server, '/api/v1/ready')).status).toBe(503);
  expect((await ask(server, '/api/v1/metrics')).text).toMatch(/cytolocus_queue_refusals_total [12]/);
});

test('a field that takes too long fails in words', async () => {
  const server = await testServer({ limits: { jobSeconds: 0.001 } });
  const { status, body } = await post(server, uploadOf(folder, id));
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'job-timeout' });
});

test('too many requests of one client are refused, /health is not', async () => {
  const server = await testServer({ limits: { requestsPerMinute: 3 } });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await ask(server, '/api/v1/predictions')).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect((await ask(server, '/api/v1/predictions')).body.code).toBe('too-many-requests');
  expect((await ask(server, '/api/v1/health')).status).toBe(200);
});

test('beyond this machine the server asks for keys, or for --open', async () => {
  await expect(openServer({ host: '0.0.0.0' })).rejects.toThrow(UsageError);
});

test('with keys only their owners are let in, each to their own predictions', async () => {
  const keys = join(folder, 'keys');
  const [anna, bruno] = [await addApiKey(keys, 'anna'), await addApiKey(keys, 'bruno')];
  expect(readFileSync(keys, 'utf8')).not.toContain(anna);
  await expect(addApiKey(keys, 'anna')).rejects.toThrow(/has a key of the name anna/);
  const server = await testServer({ keys });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  expect(await ask(server, '/api/v1/predictions')).toMatchObject({
    status: 401,
    body: { code: 'key-needed' },
  });
  expect((await ask(server, '/api/v1/predictions', { headers: as('cyto_wrong') })).status).toBe(401);
  expect((await ask(server, '/api/v1/health')).status).toBe(200);
  const { body } = await post(server, uploadOf(folder, id), { ...as(anna), ...IN_BACKGROUND });
  const path = `/api/v1/predictions/${body.id}`;
  expect((await ask(server, path, { headers: as(anna) })).status).toBe(200);
  expect((await ask(server, path, { headers: as(bruno) })).status).toBe(404);
  expect((await ask(server, '/api/v1/predictions', { headers: as(bruno) })).body).toEqual([]);
});

test('a restarted server finishes what it had accepted, fails what stopped it, and removes what belongs to no job', async () => {
  const store = mkdtempSync(join(tmpdir(), 'cytolocus-serve-'));
  const first = await openServer({ store });
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await post(first, uploadOf(folder, id), IN_BACKGROUND)).body.id);
  await first.close();
  // One that was begun three times and never ended.
  const record = join(store, ids[2], 'job.json');
  writeFileSync(
    record,
    JSON.stringify({ ...JSON.parse(readFileSync(record, 'utf8')), state: 'running', attempts: 3 }),
  );
  const second = await openServer({ store });
  try {
    const jobs = await Promise.all(ids.map((job) => untilFinished(second, job)));
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
    expect(jobs[2].problem.code).toBe('job-interrupted');
  } finally {
    await second.close();
  }
  const third = await openServer({ store, limits: { keepSeconds: 0.001 } });
  await third.close();
  expect(readdirSync(store)).toEqual([]);
  rmSync(store, { recursive: true, force: true });
});
