// npm run bench -- [NAME...] [--only TEXT] [--json]: without a name, every benchmark in turn; with --only, the cases whose
// names hold the text.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { classifyBenchmark } from './classify.js';
import { engineBenchmark } from './engine.js';
import { engineLimitsBenchmark } from './engine-limits.js';
import { masksBenchmark } from './masks.js';
import { pageBenchmark } from './page.js';
import { predictBenchmark } from './predict.js';
import type { Benchmark, BenchResult } from './result.js';
import { scoreBenchmark } from './score.js';
import { segmentBenchmark } from './segment.js';
import { serveBenchmark } from './serve.js';
import { storeBenchmark } from './store.js';

const BENCHMARKS: Benchmark[] = [
  predictBenchmark,
  engineBenchmark,
  engineLimitsBenchmark,
  classifyBenchmark,
  masksBenchmark,
  storeBenchmark,
  segmentBenchmark,
  scoreBenchmark,
  serveBenchmark,
  pageBenchmark,
];

const { values, positionals: names } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const { json, only } = values;
const unknown = names.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown !== undefined) {
  console.error(`no benchmark "${unknown}": expected ${BENCHMARKS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const benchmark of BENCHMARKS) {
  if (names.length > 0 && !names.includes(benchmark.name)) continue;
  console.error(`${benchmark.name}: ${benchmark.what}`);
  const found = await benchmark.run((name) => name.includes(only));
  results.push(...found.filter((result) => result.case.includes(only)));
}
if (json) {
  console.log(JSON.stringify(results, null, 2));
} else {
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`);
  for (const result of results) console.log(formatResult(result));
}

function formatResult({
  case: name,
  ours,
  peer,
  peerName,
  unit,
  ratio,
  peakMemoryMb,
  peerPeakMemoryMb,
}: BenchResult): string {
  const against =
    peer === null || ratio === null
      ? ''
      : `; ${peerName} ${peer.toPrecision(3)} ${unit}; ratio ${ratio.toFixed(2)}`;
  const memory = peakMemoryMb === null ? '' : `; peak memory ${Math.round(peakMemoryMb)} MB`;
  const peerMemory = peerPeakMemoryMb == null ? '' : `, the peer's ${Math.round(peerPeakMemoryMb)} MB`;
  return `${name}: ours ${ours.toPrecision(3)} ${unit}${against}${memory}${peerMemory}`;
}
