import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Server } from '../../src/server/index.js';
import { filesBelow, post, synthesize, untilFinished, uploadOf } from './harness.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const JOBS = 20;

/** `cytolocus serve` in a process of its own. */
async function start(store: string): Promise<{ child: ChildProcess; server: Server }> {
  const args = ['--import', 'tsx', MAIN, 'serve', '--port', '0', '--store', store, '--queue', '100'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? '';
  return { child, server: { address, close: async () => void child.kill('SIGKILL') } };
}

test('kill -9 in the middle of 20 jobs loses none of them', async () => {
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
  const exit = once(second.child, 'exit');
  second.child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
});
