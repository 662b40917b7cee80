/** Our side of the engine benchmark, a process of its own; bench/peers/engine_turns.py says how it is asked. */
import { createInterface } from 'node:readline';
import { createRandom } from '../src/common/index.js';
import { loadModel, type Runtime } from '../src/engine/index.js';
import { loadRuntime } from '../src/io/index.js';
import { createTrainer, drawWeights, exportOnnx, listWeights } from '../src/learn/index.js';
import { type EngineJob, type EngineSide, modelOf, targetSize } from './engine-job.js';

const WARM_UP_STEPS = 3;

const job: EngineJob = JSON.parse(process.argv[2]);
const model = modelOf(job);
const infos = listWeights(model);
const weights = drawWeights(infos, 1);
const random = createRandom(1);
const images = Float32Array.from({ length: job.batch * 3 * job.size ** 2 }, () => random.uniform());

const runtime = await loadRuntime({ threads: job.threads });
const step = await (job.mode === 'training' ? training(runtime) : inference(runtime));
for (let i = 0; i < WARM_UP_STEPS; i++) await step();

const trained = infos.filter(({ role }) => role === 'trained');
say({
  version: process.versions.node,
  form: '',
  parameters: trained.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0),
} satisfies EngineSide);
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line);
  const start = performance.now();
  for (let i = 0; i < steps; i++) await step();
  say((performance.now() - start) / 1000 / steps);
}

async function training(runtime: Runtime): Promise<() => Promise<unknown>> {
  const trainer = await createTrainer(runtime, {
    model,
    weights,
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adam' },
    batchSize: job.batch,
    seed: 1,
  });
  const logits = Float32Array.from({ length: job.batch * targetSize(job) }, () => random.integer(2));
  const batch = { count: job.batch, inputs: { image: images }, targets: { logits } };
  return () => trainer.learn(batch, 1e-3);
}

async function inference(runtime: Runtime): Promise<() => Promise<unknown>> {
  const network = await loadModel(runtime, exportOnnx(model, weights));
  const image = { shape: [job.batch, 3, job.size, job.size], data: images };
  return () => network.run({ image });
}

function say(answer: EngineSide | number): void {
  console.log(JSON.stringify(answer));
}
