import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../cli/harness.js';
import { writeStore } from './store.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/store.md', import.meta.url));

describe.skipIf(!existsSync(PYTHON))(`Python (skipped where ${PYTHON} is absent)`, () => {
  test('the ten lines of docs/store.md read a store and find its checksums right', async () => {
    const code = /```python\n(.+?)```/s.exec(readFileSync(DOCUMENT, 'utf8'))?.[1] ?? '';
    const folder = temporaryFolder();
    await writeStore(folder, [
      ['a', 1],
      ['b', 5],
    ]);
    const printed = execFileSync(PYTHON, ['-c', code, folder], { encoding: 'utf8' });
    const line = (field: string, cell: number, mean: number) =>
      `${field} ${cell} 3 {'protein': np.float64(${mean}.0), 'er': np.float64(${mean}.0)}`;
    const expected = [1, 2, 3, 4, 5].map((k) => line('b', k, 10 + k));
    expect(printed.trim().split('\n')).toEqual([line('a', 1, 1), ...expected]);
  });
});
