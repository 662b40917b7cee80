/** `npm run bench -- classify`: cells a second of trained networks beside PyTorch with the same layers, taking turns. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LOCATIONS } from '../src/common/index.js';
import { readOnnxMetadata } from '../src/engine/index.js';
import { CHANNELS } from '../src/imaging/index.js';
import { readInputFile } from '../src/io/index.js';
import { decodeMetadata, networkNamed } from '../src/networks/index.js';
import { SHIPPED_CLASSIFIER } from '../src/runs/index.js';
import type { ClassifyJob } from './classify-job.js';
import type { EngineSide } from './engine-job.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import { startSide } from './side-process.js';

const OURS = fileURLToPath(new URL('classify-ours.ts', import.meta.url));
const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const PYTHON = `${PEERS}.venv/bin/python`;

const CROPS = 1000;
const BATCH = 32;
const SMALL_BATCH = 8;
const ROUNDS = 3;
/** Between turns, so that the last side's threads have stopped waiting busily for more work. */
const PAUSE_MS = 50;

/**
 * Cells a second: 1,000 crops in memory, scored by the shipped network and by `invert_conv`, on all cores. Each side is a
 * process of its own, warmed up; PyTorch runs our description layer by layer, in the fastest of the forms that it tries on
 * the spot. Weights are random: they change nothing in the time. A figure is the median over the rounds.
 */
export const classifyBenchmark: Benchmark = {
  name: 'classify',
  what: 'cells a second, 1,000 crops from memory, ours and PyTorch in turns',
  async run(wanted) {
    if (!existsSync(PYTHON)) {
      console.error('  no peer: bench/peers/.venv is absent; bench/peers/setup makes it');
    }
    const shipped = decodeMetadata(readOnnxMetadata(await readInputFile(SHIPPED_CLASSIFIER))).network;
    const results: BenchResult[] = [];
    for (const [name, network] of [
      [`shipped network (${shipped})`, shipped],
      ['invert_conv', 'invert_conv'],
    ]) {
      if (!wanted(name)) continue;
      const model = networkNamed(network).build(CHANNELS.length, LOCATIONS.length);
      results.push(
        await compare(name, {
          ...{ model, crops: CROPS, batch: BATCH, smallBatch: SMALL_BATCH, threads: cpus().length },
        }),
      );
    }
    return results;
  },
};

async function compare(name: string, job: ClassifyJob): Promise<BenchResult> {
  const argument = JSON.stringify(job);
  // The peer first: trying its forms must not disturb ours.
  const peer = existsSync(PYTHON)
    ? await startSide<EngineSide>(PYTHON, ['-B', `${PEERS}classify_torch.py`, argument])
    : null;
  const ours = await startSide<EngineSide>(process.execPath, ['--import', 'tsx', OURS, argument]);
  try {
    if (peer !== null && peer.who.parameters !== ours.who.parameters) {
      throw new Error(
        `${name}: ours has ${ours.who.parameters} weights, PyTorch's ${peer.who.parameters}: not one network`,
      );
    }
    const seconds: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
    for (const side of [ours, peer]) side?.forgetPeakMemory();
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(PAUSE_MS);
      seconds.ours.push(await ours.turn(1));
      await sleep(PAUSE_MS);
      if (peer !== null) seconds.peer.push(await peer.turn(1));
    }
    const own = CROPS / median(seconds.ours);
    const other = peer === null ? null : CROPS / median(seconds.peer);
    return {
      case: name,
      ours: own,
      peer: other,
      peerName: peer === null ? 'PyTorch' : `PyTorch ${peer.who.version} (${peer.who.form})`,
      unit: 'cells/s',
      ratio: other === null ? null : own / other,
      peakMemoryMb: ours.peakMemoryMb(),
      peerPeakMemoryMb: peer?.peakMemoryMb() ?? null,
    };
  } finally {
    await ours.end();
    await peer?.end();
  }
}
