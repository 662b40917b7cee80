import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/index.js';

/** What a command printed, and its exit code. */
export interface CommandResult {
  code: number;
  printed: string;
  noted: string;
}

/** Runs the command line in this process, as a script without a terminal would. */
export async function cytolocus(...args: string[]): Promise<CommandResult> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await runProgram(args, {
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    interactive: false,
  });
  return { code, printed: printed.join('\n'), noted: noted.join('\n') };
}

/** A folder for all tests of a file, gone after them. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cytolocus-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * What Node is given to run the program as a process: the build where it is of these sources (`npm test` sees to it), else the
 * sources themselves, which take seconds longer to load.
 */
export function programArgs(): string[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const check = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--check']);
  return check.status === 0
    ? [join(root, 'dist/cli/main.js')]
    : ['--import', 'tsx', join(root, 'src/cli/main.ts')];
}
