/** `npm run bench -- engine-limits`: what a training costs before its first step, and whether memory grows with the steps. */
import { createRandom } from '../src/common/index.js';
import type { Runtime } from '../src/engine/index.js';
import { loadRuntime } from '../src/io/index.js';
import { createTrainer, drawWeights, listWeights, type ModelSpec } from '../src/learn/index.js';
import { NETWORKS } from '../src/networks/index.js';
import { modelOf } from './engine-job.js';
import type { Benchmark, BenchResult } from './result.js';

const STEPS = 1000;
/** The first steps fill the runtime's arena. */
const WARM_UP_STEPS = 50;

export const engineLimitsBenchmark: Benchmark = {
  name: 'engine-limits',
  what: 'seconds to build and compile training graphs; resident memory over 1,000 steps',
  async run() {
    const runtime = await loadRuntime();
    const models: [string, ModelSpec, number][] = [
      ...[...NETWORKS.values()].map(({ name, build }): [string, ModelSpec, number] => [
        name,
        build(4, 19),
        32,
      ]),
      ['classifier 64-128-256-512', modelOf(job('classifier', [64, 128, 256, 512], 128)), 16],
      ['U-Net 64-128-256-512', modelOf(job('unet', [64, 128, 256, 512], 256)), 1],
    ];
    const results: BenchResult[] = [];
    for (const [name, model, batchSize] of models) {
      const start = performance.now();
      const weights = drawWeights(listWeights(model), 1);
      const trainer = await createTrainer(runtime, { ...TRAINING, model, weights, batchSize });
      results.push(result(`${name}, build and compile`, (performance.now() - start) / 1000, 's'));
      await trainer.release();
    }
    results.push(await memoryGrowth(runtime));
    return results;
  },
};

const TRAINING = { losses: [{ type: 'sigmoidCrossEntropy' }], optimizer: { type: 'adam' }, seed: 1 } as const;

function job(kind: 'classifier' | 'unet', filters: number[], size: number) {
  return { network: { kind, filters }, mode: 'training', size, batch: 1, threads: 1 } as const;
}

/** MB that the process holds after the last of 1,000 steps more than after the warm-up. */
async function memoryGrowth(runtime: Runtime): Promise<BenchResult> {
  const model = modelOf(job('classifier', [16, 32], 32));
  const trainer = await createTrainer(runtime, {
    ...TRAINING,
    model,
    weights: drawWeights(listWeights(model), 1),
    batchSize: 16,
  });
  const random = createRandom(1);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform());
  const held: number[] = [];
  for (let step = 1; step <= STEPS + WARM_UP_STEPS; step++) {
    const batch = {
      count: 16,
      inputs: { image: numbers(16 * 3 * 32 ** 2) },
      targets: { logits: numbers(16 * 19) },
    };
    await trainer.learn(batch, 1e-3);
    if (step >= WARM_UP_STEPS && (step - WARM_UP_STEPS) % 250 === 0) {
      globalThis.gc?.();
      held.push(process.memoryUsage().rss / 2 ** 20);
    }
  }
  await trainer.release();
  console.error(
    `  MB held after ${WARM_UP_STEPS} steps and each 250 more: ${held.map((mb) => mb.toFixed(0)).join(', ')}`,
  );
  return result(`growth of resident memory over ${STEPS} steps`, held[held.length - 1] - held[0], 'MB');
}

function result(name: string, ours: number, unit: string): BenchResult {
  return { case: name, ours, peer: null, peerName: null, unit, ratio: null, peakMemoryMb: null };
}
