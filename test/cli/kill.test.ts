import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { readLabelPng } from '../../src/io/index.js';
import { cytolocus, programArgs, temporaryFolder } from './harness.js';

test('a run killed in the middle leaves no half-written file; run again, it does the rest', async () => {
  const fields = temporaryFolder();
  const out = temporaryFolder();
  await cytolocus(
    ...['synth', '--images', '5', '--size', '256', '--seed', '3', '--workers', '1', '--out', fields],
  );

  const args = [...programArgs(), 'predict', fields, '--out', out, '--overlay'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    if (!line.startsWith('[2/5]')) continue;
    // A moment later the third field is in the middle of its work.
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGKILL');
  }
  const [, signal] = await exit;
  expect(signal).toBe('SIGKILL');

  expect(existsSync(join(out, 'cells.csv'))).toBe(false);
  const finished = readdirSync(out).filter((id) => existsSync(join(out, id, 'prediction.json')));
  expect(finished.length).toBeGreaterThanOrEqual(2);
  expect(finished.length).toBeLessThan(5);
  for (const id of readdirSync(out)) {
    for (const name of readdirSync(join(out, id)).filter((file) => /^(cells|nuclei)\.png$/.test(file))) {
      expect(await readLabelPng(join(out, id, name))).toMatchObject({ width: 256, height: 256 });
    }
  }

  const { code, noted } = await cytolocus('predict', fields, '--out', out, '--overlay');
  expect(code).toBe(0);
  expect(noted.match(/done before/g)).toHaveLength(finished.length);
  expect(
    readdirSync(out).flatMap((id) => (id.endsWith('.csv') ? [] : readdirSync(join(out, id)).sort())),
  ).toEqual(Array(5).fill(['cells.png', 'nuclei.png', 'overlay.png', 'prediction.json']).flat());
});
