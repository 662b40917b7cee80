import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliRun, runCli } from './cli-run.js';
import { type Benchmark, type BenchResult, median } from './result.js';

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

function toResult(runs: CliRun[]): BenchResult {
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
