import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import {
  compileGraph,
  createGraph,
  gradients,
  graphInput,
  sizeOf,
  type Value,
} from '../../src/engine/index.js';
import {
  createTrainer,
  drawWeights,
  type LossSpec,
  listWeights,
  type ModelSpec,
  type Weight,
  type Weights,
} from '../../src/learn/index.js';
import { buildNetwork, networkInputs } from '../../src/learn/network.js';
import { buildObjective } from '../../src/learn/objective.js';
import { runtime } from './example.js';
import { CNN, SEPARABLE, UNET } from './example-models.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('pytorch.py', import.meta.url));
const TOLERANCE = 1e-4;
const BATCH = 4;
const STEPS = 10;
const LEARNING_RATE = 1e-3;

interface Answer {
  readonly output: Weight;
  readonly losses: readonly number[];
  readonly gradients: Weights;
  readonly weights: Weights;
}

/** Euclidean norm of the difference over that of what is expected. */
function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

interface Case {
  readonly model: ModelSpec;
  readonly loss: LossSpec;
  readonly weights: Weights;
  readonly image: Float32Array;
  readonly target: Weight;
}

function makeCase(model: ModelSpec, loss: LossSpec, targetShape: number[], classes: number): Case {
  const random = createRandom(5);
  const size = BATCH * sizeOf(model.inputs[0].shape);
  return {
    model,
    loss,
    weights: drawWeights(listWeights(model), 11),
    image: Float32Array.from({ length: size }, () => random.normal()),
    target: {
      shape: targetShape,
      data: Float32Array.from({ length: sizeOf(targetShape) }, () => random.integer(classes)),
    },
  };
}

const CASES = [
  makeCase(CNN, { type: 'sigmoidCrossEntropy' }, [BATCH, 5], 2),
  makeCase(UNET, { type: 'softmaxCrossEntropy' }, [BATCH, 16, 16], 3),
  makeCase(SEPARABLE, { type: 'sigmoidCrossEntropy' }, [BATCH, 3], 2),
];

function askPyTorch(): Answer[] {
  const plain = (weight: Weight) => ({ shape: weight.shape, data: [...weight.data] });
  const jobs = CASES.map(({ model, loss, weights, image, target }) => ({
    model,
    weights: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, plain(weight)])),
    inputs: { image: plain({ shape: [BATCH, ...model.inputs[0].shape], data: image }) },
    target: plain(target),
    loss: loss.type,
    steps: STEPS,
    learningRate: LEARNING_RATE,
  }));
  return JSON.parse(
    execFileSync(PYTHON, [ORACLE], { input: JSON.stringify(jobs), encoding: 'utf8', maxBuffer: 1 << 28 }),
  );
}

/** Loss, output (`output`) and gradients (`d.NAME`) of one batch, by our graph. */
async function askEngine({
  model,
  loss,
  weights,
  image,
  target,
}: Case): Promise<Record<string, Float32Array>> {
  const graph = createGraph();
  const values: Record<string, Value> = {};
  const network = buildNetwork(
    {
      graph,
      mode: 'training',
      weight({ name, shape }) {
        values[name] = graphInput(graph, name, shape);
        return values[name];
      },
      dropoutMask: (layer, size) => graphInput(graph, `mask.${layer}`, size),
    },
    model,
    networkInputs(graph, model, BATCH, 'input.'),
  );
  const objective = buildObjective(model, network.values, [loss]);
  const names = listWeights(model).flatMap(({ name, role }) => (role === 'trained' ? [name] : []));
  const slopes = gradients(
    objective.loss,
    names.map((name) => values[name]),
  );
  const program = await compileGraph(runtime, graph, {
    loss: objective.loss,
    output: network.values.logits,
    ...Object.fromEntries(slopes.map((slope, i) => [`d.${names[i]}`, slope])),
  });
  const results = await program.run({
    'input.image': image,
    'target.logits': target.data,
    sampleWeights: new Float32Array(BATCH).fill(1),
    ...Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data])),
  });
  await program.release();
  return results;
}

describe.skipIf(!existsSync(PYTHON))(`against PyTorch (skipped where ${PYTHON} is absent)`, () => {
  let answers: Answer[];
  beforeAll(() => {
    answers = askPyTorch();
  }, 120_000);

  test.each(CASES.map((job, index) => ({ name: job.model.name, job, index })))(
    '$name: output, loss and every gradient agree',
    async ({ job, index }) => {
      const expected = answers[index];
      const found = await askEngine(job);
      expect(relativeError(found.output, expected.output.data)).toBeLessThan(TOLERANCE);
      expect(Math.abs(found.loss[0] / expected.losses[0] - 1)).toBeLessThan(TOLERANCE);
      expect(Object.keys(expected.gradients)).toHaveLength(Object.keys(found).length - 2);
      for (const [name, { data }] of Object.entries(expected.gradients)) {
        expect(relativeError(found[`d.${name}`], data), name).toBeLessThan(TOLERANCE);
      }
    },
  );

  test.each(CASES.map((job, index) => ({ name: job.model.name, job, index })))(
    '$name: ten Adam steps agree',
    async ({ job, index }) => {
      const expected = answers[index];
      const trainer = await createTrainer(runtime, {
        model: job.model,
        weights: job.weights,
        losses: [job.loss],
        optimizer: { type: 'adam' },
        batchSize: BATCH,
        seed: 1,
      });
      const batch = { count: BATCH, inputs: { image: job.image }, targets: { logits: job.target.data } };
      for (const [step, loss] of expected.losses.entries()) {
        const figures = await trainer.learn(batch, LEARNING_RATE);
        expect(Math.abs(figures.loss.mean / loss - 1), `loss of step ${step}`).toBeLessThan(TOLERANCE);
      }
      const after = trainer.weights();
      await trainer.release();
      expect(Object.keys(after)).toHaveLength(Object.keys(expected.weights).length);
      for (const [name, weight] of Object.entries(expected.weights)) {
        expect(relativeError(after[name].data, weight.data), name).toBeLessThan(TOLERANCE);
      }
    },
  );
});
