import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Benchmark, type BenchResult, median } from './result.js';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PEAK_MEMORY = new URL('./peak-memory.mjs', import.meta.url).href;
const REPEATS = 5;

/** The whole command as a user runs it: process start, four PNG files of a synthetic 2048 x 2048 field, all outputs. */
export const predictBenchmark: Benchmark = {
  name: 'predict',
  what: 'cytolocus predict --overlay --submission on one 2048 x 2048 field, from PNG files to all outputs',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'cytolocus-bench-'));
    try {
      const fields = join(folder, 'fields');
      runCli(folder, ['synth', '--images', '1', '--size', '2048', '--seed', '1', '--out', fields]);
      const runs = Array.from({ length: REPEATS }, (_, i) =>
        runCli(folder, ['predict', fields, '--out', join(folder, `out${i}`), '--overlay', '--submission']),
      );
      return [toResult(runs)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Run {
  seconds: number;
  peakMemoryMb: number;
}

function toResult(runs: Run[]): BenchResult {
  return {
    case: 'predict 2048x2048, PNG files to all outputs',
    ours: median(runs.map(({ seconds }) => seconds)),
    peer: null,
    peerName: null,
    unit: 's',
    ratio: null,
    peakMemoryMb: Math.max(...runs.map(({ peakMemoryMb }) => peakMemoryMb)),
  };
}

function runCli(folder: string, args: string[]): Run {
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
