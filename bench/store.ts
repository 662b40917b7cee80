/** `npm run bench -- store`: writing and reading crops, training steps fed by the loader, and its memory. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/dataset/index.js';
import { DEFAULT_RECIPE } from '../src/training/index.js';
import { openBatchPool, openLoader } from '../src/training/loader/index.js';
import type { EngineSide } from './engine-job.js';
import { type Benchmark, type BenchResult, median } from './result.js';
import { type SideProcess, startSide } from './side-process.js';
import {
  CROP_BYTES,
  CROPS,
  ensureBenchStore,
  linkPart,
  PNGS,
  STORE,
  writeBenchStore,
  writePngs,
} from './store-data.js';
import type { StoreJob } from './store-ours.js';

const OURS = fileURLToPath(new URL('store-ours.ts', import.meta.url));
const MEMORY_JOB = fileURLToPath(new URL('store-memory.mjs', import.meta.url));
const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const PYTHON = `${PEERS}.venv/bin/python`;

const BATCH = 32;
const EPOCH_STEPS = Math.floor(CROPS / BATCH);
/** The loader's limit: a quarter of the store. */
const LIMIT_BYTES = Math.floor((CROPS * CROP_BYTES) / 4);
const SMALL_LIMIT_BYTES = 256 * 2 ** 20;
const READING_ROUNDS = 3;
const TRAINING_ROUNDS = 3;
/** So many that the few batches which are ready when a turn begins matter little. */
const TRAINING_STEPS = 40;
/** Steps of a turn: an epoch of the store, parts of one of the slower PNG files. */
const STORE_STEPS = EPOCH_STEPS;
const TF_DATA_STEPS = Math.floor(EPOCH_STEPS / 10);
const ONE_BY_ONE_STEPS = Math.floor(EPOCH_STEPS / 100);

/** The original study: its crops, what its hard disk took an epoch, and a disk of today. */
const STUDY_CROPS = 245_035;
const STUDY_EPOCH_S = 3600;
const DISK_BYTES_A_SECOND = 150e6;
/** Moving the head of a 7200 rpm disk and waiting for half a turn. */
const SEEK_S = 0.0125;

const WRITING = `writing ${CROPS} crops, checksums included`;
const READING = {
  bytes: `a shuffled epoch of ${CROPS} crops, batches of bytes`,
  floats: `a shuffled epoch of ${CROPS} crops, batches of floats for the network`,
};
const MEMORY = 'memory that the loader adds, on a store 4 times its limit';
const LONGEST_RUN = 'longest run of bytes between two seeks';
const TRAINING = `training step of ${DEFAULT_RECIPE.network}, batch ${BATCH}, fed by the loader`;

export const storeBenchmark: Benchmark = {
  name: 'store',
  what: `${CROPS} synthetic crops 128x128x4: writing, reading shuffled epochs, training steps, memory`,
  async run(wanted) {
    const results: BenchResult[] = [];
    if (wanted(WRITING)) {
      results.push({ ...alone(WRITING, 'crops/s'), ours: CROPS / (await writeBenchStore()) });
    }
    await ensureBenchStore();
    const readings = (['bytes', 'floats'] as const).filter((kind) => wanted(READING[kind]));
    if (readings.length > 0) await writePngs();
    for (const kind of readings) results.push(...(await compareReading(kind)));
    if (wanted(MEMORY)) results.push(...(await measureMemory()));
    if (wanted(LONGEST_RUN)) results.push(...(await measureRuns()));
    if (wanted(TRAINING)) results.push(await compareTraining());
    return results;
  },
};

function alone(name: string, unit: string) {
  return { case: name, unit, peer: null, peerName: null, ratio: null, peakMemoryMb: null };
}

const ours = (job: StoreJob) =>
  startSide<EngineSide>(process.execPath, ['--import', 'tsx', OURS, JSON.stringify(job)]);
const tensorflow = (kind: 'bytes' | 'floats') =>
  startSide<EngineSide>(PYTHON, ['-B', `${PEERS}store_tensorflow.py`, PNGS, `${BATCH}`, kind]);

/** Seconds of one step of two sides in turns. */
async function takeTurns(
  sides: readonly { side: SideProcess<EngineSide>; steps: number }[],
  rounds: number,
): Promise<number[]> {
  const seconds = sides.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const index = (round + turn) % sides.length;
      seconds[index].push(await sides[index].side.turn(sides[index].steps));
    }
  }
  const spans = seconds.map(
    (all) => `${Math.min(...all).toPrecision(3)} to ${Math.max(...all).toPrecision(3)} s`,
  );
  console.error(`  a step: ${spans.join('; ')}`);
  return seconds.map(median);
}

/** Seconds of a shuffled epoch: the store, the same crops as PNG files one by one, and by tf.data. */
async function compareReading(kind: 'bytes' | 'floats'): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const oneByOne = {
    name: 'PNG files one by one (sharp)',
    steps: ONE_BY_ONE_STEPS,
    start: () => ours({ kind: 'png', memoryBytes: 0 }),
  };
  const tfData = { name: 'tf.data on the PNG files', steps: TF_DATA_STEPS, start: () => tensorflow(kind) };
  const peers = [...(kind === 'bytes' ? [oneByOne] : []), ...(existsSync(PYTHON) ? [tfData] : [])];
  for (const { name, steps, start } of peers) {
    const side = await ours({ kind, memoryBytes: LIMIT_BYTES });
    const peer = await start();
    try {
      const [own, other] = await takeTurns(
        [
          { side, steps: STORE_STEPS },
          { side: peer, steps },
        ],
        READING_ROUNDS,
      );
      results.push({
        case: READING[kind],
        ...{
          ours: own * EPOCH_STEPS,
          peer: other * EPOCH_STEPS,
          peerName: name,
          unit: 's',
          ratio: other / own,
        },
        ...{ peakMemoryMb: side.peakMemoryMb(), peerPeakMemoryMb: peer.peakMemoryMb() },
      });
    } finally {
      await side.end();
      await peer.end();
    }
  }
  return results;
}

/**
 * How much reading adds to a process, table and threads included, against the limit; two epochs of the built program, since
 * threads take more memory when they run from source.
 */
async function measureMemory(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const limitBytes of [SMALL_LIMIT_BYTES, LIMIT_BYTES]) {
    const folder = await linkPart(Math.floor((4 * limitBytes) / CROP_BYTES));
    const side = await startSide<{ beginMb: number }>(process.execPath, [
      MEMORY_JOB,
      folder,
      `${limitBytes}`,
    ]);
    try {
      await side.turn('epoch');
      await side.turn('epoch');
      const added = (side.peakMemoryMb() ?? Number.NaN) - side.who.beginMb;
      const limit = limitBytes / 2 ** 20;
      results.push({
        case: MEMORY,
        ...{ ours: added, peer: limit, peerName: 'its limit', unit: 'MB', ratio: limit / added },
        peakMemoryMb: side.peakMemoryMb(),
      });
    } finally {
      await side.end();
    }
  }
  return results;
}

/**
 * Bytes between two seeks: requests of one epoch that follow each other in one file make a run. From it the epoch of the
 * study on a hard disk: its bytes at the disk's rate, and a seek before each run.
 */
async function measureRuns(): Promise<BenchResult[]> {
  const store = await openStore(STORE);
  const pool = openBatchPool();
  const runs: number[] = [];
  let end = { shard: -1, row: -1 };
  const loader = openLoader(store, store.cells, {
    ...{ pool, batchSize: BATCH, epochs: 1, memoryBytes: LIMIT_BYTES },
    training: {
      ...{ seed: 1, window: DEFAULT_RECIPE.window, augmentation: null, weights: new Float32Array(CROPS) },
    },
    onRead(shard, row, rows) {
      if (shard === end.shard && row === end.row) runs[runs.length - 1] += rows * CROP_BYTES;
      else runs.push(rows * CROP_BYTES);
      end = { shard, row: row + rows };
    },
  });
  for await (const _ of loader.read(0));
  await loader.close();
  await pool.close();
  const megabytes = runs.map((bytes) => bytes / 1e6);
  const studyBytes = STUDY_CROPS * CROP_BYTES;
  const seeks = Math.ceil(studyBytes / (1e6 * median(megabytes)));
  const epochS = studyBytes / DISK_BYTES_A_SECOND + seeks * SEEK_S;
  console.error(
    `  ${runs.length} runs of ${Math.min(...megabytes).toFixed(1)} to ${Math.max(...megabytes).toFixed(1)} MB; ` +
      `${STUDY_CROPS} crops: ${(studyBytes / 1e9).toFixed(2)} GB in ${seeks} runs`,
  );
  return [
    {
      case: LONGEST_RUN,
      ...{ ours: Math.max(...megabytes), peer: 16, peerName: 'wanted', unit: 'MB' },
      ...{ ratio: Math.max(...megabytes) / 16, peakMemoryMb: null },
    },
    { ...alone('median run of bytes between two seeks', 'MB'), ours: median(megabytes) },
    {
      case: `an epoch of ${STUDY_CROPS} crops on a hard disk of 150 MB/s, computed`,
      ...{ ours: epochS, peer: STUDY_EPOCH_S, peerName: 'the study, files one by one', unit: 's' },
      ...{ ratio: STUDY_EPOCH_S / epochS, peakMemoryMb: null },
    },
  ];
}

/** Seconds of a training step of the shipped network, fed by the loader and from one batch in memory. */
async function compareTraining(): Promise<BenchResult> {
  const side = await ours({ kind: 'loader', memoryBytes: LIMIT_BYTES });
  const peer = await ours({ kind: 'memory', memoryBytes: 0 });
  try {
    const [own, other] = await takeTurns(
      [
        { side, steps: TRAINING_STEPS },
        { side: peer, steps: TRAINING_STEPS },
      ],
      TRAINING_ROUNDS,
    );
    return {
      case: TRAINING,
      ...{ ours: own, peer: other, peerName: 'the same step fed from memory', unit: 's', ratio: other / own },
      ...{ peakMemoryMb: side.peakMemoryMb(), peerPeakMemoryMb: peer.peakMemoryMb() },
    };
  } finally {
    await side.end();
    await peer.end();
  }
}
