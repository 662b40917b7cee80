/** `npm run bench -- engine`: training steps and inference beside PyTorch and TensorFlow/Keras, taking turns. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EngineJob, EngineSide } from './engine-job.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import { type SideProcess, startSide } from './side-process.js';

const OURS = fileURLToPath(new URL('engine-ours.ts', import.meta.url));
const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const PYTHON = `${PEERS}.venv/bin/python`;

const SIDES = [
  { name: 'Node', command: process.execPath, args: ['--import', 'tsx', OURS] },
  { name: 'PyTorch', command: PYTHON, args: ['-B', `${PEERS}engine_torch.py`] },
  { name: 'TensorFlow', command: PYTHON, args: ['-B', `${PEERS}engine_tensorflow.py`] },
];

const NETWORKS = [
  { letter: 'a', network: { kind: 'classifier', filters: [32, 64, 128, 128] }, size: 128, batch: 32 },
  { letter: 'b', network: { kind: 'classifier', filters: [64, 128, 256, 512] }, size: 128, batch: 16 },
  { letter: 'c', network: { kind: 'unet', filters: [16, 32, 64, 128] }, size: 256, batch: 8 },
] as const;
/** Rounds, and the steps that a side makes in its turn. */
const ROUNDS = { training: 7, inference: 9 };
const STEPS = { training: 1, inference: 3 };
/** Between turns, so that the last side's threads have stopped waiting busily for more work. */
const PAUSE_MS = 50;

/**
 * Seconds a step: three networks (see `modelOf`), training (forward, backward, Adam; sigmoid cross-entropy) and
 * inference each, on all cores. Every side is a process of its own with its own data in memory, warmed up; then they
 * take turns. A figure is the median over the rounds.
 */
export const engineBenchmark: Benchmark = {
  name: 'engine',
  what: 'seconds of one step, training and inference, ours and the peers in turns',
  async run(wanted) {
    if (!existsSync(PYTHON)) {
      console.error('  no peers: bench/peers/.venv is absent; bench/peers/setup makes it');
    }
    const results: BenchResult[] = [];
    for (const { letter, ...rest } of NETWORKS) {
      for (const mode of ['training', 'inference'] as const) {
        const job: EngineJob = { ...rest, mode, threads: cpus().length };
        const name = `(${letter}) ${describe(job)}`;
        if (wanted(name)) results.push(...(await compare(name, job)));
      }
    }
    return results;
  },
};

function describe({ network, size, batch, mode, threads }: EngineJob): string {
  return `${network.kind} ${network.filters.join('-')}, ${size}x${size}x3, batch ${batch}, ${threads} threads, ${mode}`;
}

async function compare(name: string, job: EngineJob): Promise<BenchResult[]> {
  const running: SideProcess<EngineSide>[] = [];
  try {
    for (const { command, args } of SIDES) {
      if (existsSync(command))
        running.push(await startSide<EngineSide>(command, [...args, JSON.stringify(job)]));
    }
    const [ours, ...peers] = running;
    for (const { who } of peers) {
      if (who.parameters !== ours.who.parameters) {
        throw new Error(
          `${name}: we train ${ours.who.parameters} weights, ${who.version} ${who.parameters}: not one network`,
        );
      }
    }
    const seconds = await takeTurns(running, ROUNDS[job.mode], STEPS[job.mode]);
    const spans = seconds.map((all) => `${Math.min(...all).toFixed(3)} to ${Math.max(...all).toFixed(3)} s`);
    console.error(
      `  ${name}: ${running.map(({ who }, index) => `${who.version} ${spans[index]}`).join('; ')}`,
    );
    return SIDES.slice(1).map(({ name: peerName }, index) => {
      const peer = peers[index];
      const [own, others] = [median(seconds[0]), peer ? median(seconds[index + 1]) : null];
      return {
        case: name,
        ours: own,
        peer: others,
        peerName: peer ? `${peerName} ${peer.who.version} (${peer.who.form})` : peerName,
        unit: 's',
        ratio: others === null ? null : others / own,
        peakMemoryMb: ours.peakMemoryMb(),
        peerPeakMemoryMb: peer?.peakMemoryMb() ?? null,
      };
    });
  } finally {
    for (const side of running) await side.end();
  }
}

/** Seconds a step of each side, in each round. The side that begins changes from round to round. */
async function takeTurns(
  sides: SideProcess<EngineSide>[],
  rounds: number,
  steps: number,
): Promise<number[][]> {
  const seconds = sides.map((): number[] => []);
  for (const side of sides) side.forgetPeakMemory();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const index = (round + turn) % sides.length;
      await sleep(PAUSE_MS);
      seconds[index].push(await sides[index].turn(steps));
    }
  }
  return seconds;
}
