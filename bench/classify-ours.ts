/** Our side of the classify benchmark, a process of its own; bench/peers/engine_turns.py says how it is asked. */
import { createInterface } from 'node:readline';
import { createRandom, LOCATIONS } from '../src/common/index.js';
import { cropOfSize } from '../src/crops/index.js';
import { loadRuntime } from '../src/io/index.js';
import { drawWeights, exportOnnx, listWeights } from '../src/learn/index.js';
import { encodeMetadata, FORMAT_VERSION, loadClassifier } from '../src/networks/index.js';
import type { ClassifyJob } from './classify-job.js';
import type { EngineSide } from './engine-job.js';

const { model, crops, batch, threads }: ClassifyJob = JSON.parse(process.argv[2]);
const infos = listWeights(model);
const [{ shape }] = model.inputs;
const cropLength = shape.reduce((a, b) => a * b, 1);
const scored = {
  ...model,
  layers: [
    ...model.layers,
    { type: 'activation', name: 'scores', from: 'logits', activation: 'sigmoid' } as const,
  ],
  outputs: ['scores'],
};
const crop = cropOfSize(shape[1]);
const metadata = encodeMetadata({
  ...{ kind: 'classifier', formatVersion: FORMAT_VERSION, network: model.name, classes: [...LOCATIONS] },
  ...{ activation: 'sigmoid', training: {}, crop: { ...crop, channels: [...crop.channels] } },
});
const runtime = await loadRuntime({ threads });
const classifier = await loadClassifier(runtime, exportOnnx(scored, drawWeights(infos, 1), { metadata }));
const random = createRandom(1);
const data = Float32Array.from({ length: crops * cropLength }, () => random.uniform());

async function scoreAll(): Promise<void> {
  for (let begin = 0; begin < crops; begin += batch) {
    const count = Math.min(batch, crops - begin);
    await classifier.classify(data.subarray(begin * cropLength, (begin + count) * cropLength), count);
  }
}

await scoreAll();
const trained = infos.filter(({ role }) => role === 'trained');
say({
  version: process.versions.node,
  form: '',
  parameters: trained.reduce((total, info) => total + info.shape.reduce((a, b) => a * b, 1), 0),
} satisfies EngineSide);
for await (const line of createInterface({ input: process.stdin })) {
  const turns = Number(line);
  const start = performance.now();
  for (let i = 0; i < turns; i++) await scoreAll();
  say((performance.now() - start) / 1000 / turns);
}

function say(answer: EngineSide | number): void {
  console.log(JSON.stringify(answer));
}
