/** The built program as a user starts it, timed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PEAK_MEMORY = new URL('./peak-memory.mjs', import.meta.url).href;

export interface CliRun {
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/** @param folder for the measure of memory */
export function runCli(folder: string, args: string[]): CliRun {
  const memoryFile = join(folder, 'peak-memory');
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', PEAK_MEMORY, CLI, ...args], {
    env: { ...process.env, CYTOLOCUS_PEAK_MEMORY_FILE: memoryFile },
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`cytolocus ${args[0]} ended with ${status}: ${stderr}`);
  return { seconds, peakMemoryMb: Number(readFileSync(memoryFile, 'utf8')) / 1024 };
}
