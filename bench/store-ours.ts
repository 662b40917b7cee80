/** Our readers in the store benchmark, a process of its own; bench/peers/engine_turns.py says how it is asked. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { createRandom } from '../src/common/index.js';
import { groupByShard, openStore } from '../src/dataset/index.js';
import { loadRuntime } from '../src/io/index.js';
import { createTrainer, drawWeights, listWeights } from '../src/learn/index.js';
import { networkNamed } from '../src/networks/index.js';
import { DEFAULT_AUGMENTATION, DEFAULT_RECIPE } from '../src/training/index.js';
import { openFeed } from '../src/training/loader/feed.js';
import { openBatchPool, openLoader } from '../src/training/loader/index.js';
import { shuffledOrder } from '../src/training/loader/order.js';
import { createSlots, slotBytes } from '../src/training/loader/slots.js';
import type { EngineSide } from './engine-job.js';
import { CROP_BYTES, CROPS, PNGS, pngName, STORE } from './store-data.js';

export interface StoreJob {
  /**
   * `bytes`: batches of crops as stored. `floats`: batches ready for the network, unvaried. `png`: the PNG files one by one,
   * as bytes. `memory`, `loader`: training steps of the shipped network on one batch in memory, or on the loader's.
   */
  readonly kind: 'bytes' | 'floats' | 'png' | 'memory' | 'loader';
  readonly memoryBytes: number;
}

const BATCH = 32;
const STEPS = Math.floor(CROPS / BATCH);
const job: StoreJob = JSON.parse(process.argv[2]);
const seed = 1;

function report(answer: unknown): void {
  console.log(JSON.stringify(answer));
}

async function openBench(augmented: boolean) {
  const store = await openStore(STORE);
  const loader = openLoader(store, store.cells, {
    ...{ pool: openBatchPool(), batchSize: BATCH, epochs: 1e6, memoryBytes: job.memoryBytes },
    training: {
      ...{ seed, window: DEFAULT_RECIPE.window, weights: new Float32Array(CROPS).fill(1) },
      augmentation: augmented ? DEFAULT_AUGMENTATION : null,
    },
  });
  return (async function* () {
    for (let epoch = 0; ; epoch++) yield* loader.read(epoch);
  })();
}

async function readBytes(): Promise<() => Promise<unknown>> {
  const store = await openStore(STORE);
  let first = 0;
  const shards = groupByShard(store.cells).map((cells) => cells.map(() => first++));
  const slots = createSlots(Math.floor(job.memoryBytes / CROP_BYTES), CROP_BYTES);
  const { window } = DEFAULT_RECIPE;
  const feed = openFeed(store, store.cells, {
    ...{ slots, window, cached: 0, first: 0, end: 1e6 },
    orderOf: (epoch) => shuffledOrder(shards, window, createRandom(seed).fork(epoch)),
  });
  // Two batches take turns, as in the loader: fresh memory for each would take longer to get than to fill.
  const batches = [0, 1].map(() => new Uint8Array(BATCH * CROP_BYTES));
  let step = 0;
  return async () => {
    const [epoch, place] = [Math.floor(step / STEPS), step % STEPS];
    const batch = batches[step++ % 2];
    // Lets what was read from the disk be taken in, and the next request be made.
    await setImmediate();
    const taken = await feed.take(epoch, place * BATCH, (place + 1) * BATCH);
    taken.forEach((index, i) => {
      const crop = slotBytes(slots, feed.slotOf(index));
      if (crc32(crop) !== store.cells[index].crc32) throw new Error(`crop ${index} is damaged`);
      batch.set(crop, i * CROP_BYTES);
    });
    feed.release(taken);
    if (place === STEPS - 1) feed.release(await feed.take(epoch, STEPS * BATCH, CROPS));
    return batch;
  };
}

function readPngs(): () => Promise<unknown> {
  const random = createRandom(seed);
  const order = Array.from({ length: CROPS }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  let at = 0;
  return async () => {
    const batch = new Uint8Array(BATCH * CROP_BYTES);
    for (let i = 0; i < BATCH; i++)
      batch.set(
        await sharp(pngName(order[at++ % CROPS]))
          .raw()
          .toBuffer(),
        i * CROP_BYTES,
      );
    return batch;
  };
}

async function train(): Promise<() => Promise<unknown>> {
  const network = networkNamed(DEFAULT_RECIPE.network);
  const model = network.build(4, 19);
  const trainer = await createTrainer(await loadRuntime(), {
    ...{ model, weights: drawWeights(listWeights(model), seed), batchSize: BATCH, seed },
    ...{ losses: [{ type: 'sigmoidCrossEntropy' }], optimizer: { type: 'adamw' } },
  });
  if (job.kind === 'loader') {
    const batches = await openBench(true);
    let next = batches.next();
    return async () => {
      const { value } = await next;
      next = batches.next();
      if (value) await trainer.learn(value, 1e-3);
    };
  }
  const random = createRandom(seed);
  const batch = {
    count: BATCH,
    inputs: { crops: Float32Array.from({ length: BATCH * CROP_BYTES }, () => random.uniform()) },
    targets: { logits: Float32Array.from({ length: BATCH * 19 }, () => random.integer(2)) },
    sampleWeights: new Float32Array(BATCH).fill(1),
  };
  return () => trainer.learn(batch, 1e-3);
}

async function makeStep(): Promise<() => Promise<unknown>> {
  if (job.kind === 'bytes') return readBytes();
  if (job.kind === 'png') return readPngs();
  if (job.kind !== 'floats') return train();
  const batches = await openBench(false);
  return () => batches.next();
}

const residentMb = () =>
  Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
const before = residentMb();
const step = await makeStep();
for (let i = 0; i < 3; i++) await step();
report({
  version: `${process.versions.node}, ${PNGS}`,
  form: '',
  parameters: Math.round(before),
} satisfies EngineSide);
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line);
  const start = performance.now();
  for (let i = 0; i < steps; i++) await step();
  report((performance.now() - start) / 1000 / steps);
}
process.exit();
