import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Server } from '../../src/server/index.js';
import { ask, filesBelow, post, synthesize, untilFinished, uploadOf } from './harness.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const JOBS = 20;
const KEEP_SECONDS = 2;

/** `cytolocus serve` in a process of its own. */
async function start(store: string, ...more: string[]): Promise<{ child: ChildProcess; server: Server }> {
  const args = ['--import', 'tsx', MAIN, 'serve', '--port', '0', '--store', store, '--queue', '100', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? '';
  return { child, server: { address, close: async () => void child.kill('SIGKILL') } };
}

test('kill -9 in the middle of 20 jobs loses none of them, and nothing stays after the time to live', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = join(folder, 'store');
  const [id] = await synthesize(join(folder, 'fields'));
  const first = await start(store);
  const ids: string[] = [];
  for (let i = 0; i < JOBS; i++) {
    ids.push(
      (await post(first.server, uploadOf(join(folder, 'fields'), id), { prefer: 'respond-async' })).body.id,
    );
  }
  await untilFinished(first.server, ids[2]);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await start(store);
  const jobs = [];
  for (const job of ids) jobs.push(await untilFinished(second.server, job));
  expect(jobs.map(({ state }) => state)).toEqual(Array(JOBS).fill('done'));
  expect(filesBelow(store).filter((path) => /\/input\/|\.tmp$/.test(path))).toEqual([]);
  await end(second.child);

  // What an upload, a result or a record that were cut off by a kill leave, and a result whose time is over.
  mkdirSync(join(store, randomUUID(), 'input'), { recursive: true });
  writeFileSync(join(store, ids[0], `.cytolocus-${randomUUID()}.tmp`), 'half a record');
  const third = await start(store, '--keep-hours', `${KEEP_SECONDS / 3600}`);
  await expect.poll(() => readdirSync(store), { timeout: 10_000 + 2000 * KEEP_SECONDS }).toEqual([]);
  expect((await ask(third.server, `/api/v1/predictions/${ids[0]}`)).status).toBe(404);
  await end(third.child);
});

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
}
