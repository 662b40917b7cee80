import { expect, test } from 'vitest';
import {
  createTrainer,
  type FitOptions,
  type ModelSpec,
  type OptimizerSpec,
  type Trainer,
  fit as train,
} from '../../src/learn/index.js';
import { MODEL, runtime, stripeSource } from './example.js';

/** y = w x + b with one sample: the gradient of the squared distance is known. */
const LINE: ModelSpec = {
  name: 'line',
  inputs: [{ name: 'x', shape: [1] }],
  layers: [{ name: 'y', type: 'dense', units: 1 }],
  outputs: ['y'],
};

async function lineTrainer(optimizer: OptimizerSpec, averaging?: number, model = LINE): Promise<Trainer> {
  return createTrainer(runtime, {
    model,
    weights: {
      'y.weight': { shape: [1, 1], data: Float32Array.of(2) },
      'y.bias': { shape: [1], data: Float32Array.of(1) },
    },
    losses: [{ type: 'smoothL1', beta: 1000 }],
    optimizer,
    batchSize: 1,
    seed: 1,
    ...(averaging === undefined ? {} : { averaging }),
  });
}

/** x = 3, target 1: y = 7, d = 6; the loss d^2 / 2000 has slopes 18/1000 for w and 6/1000 for b. */
const SAMPLE = { count: 1, inputs: { x: Float32Array.of(3) }, targets: { y: Float32Array.of(1) } };

async function afterOneStep(optimizer: OptimizerSpec): Promise<number[]> {
  const trainer = await lineTrainer(optimizer);
  await trainer.learn(SAMPLE, 10);
  const weights = trainer.weights();
  await trainer.release();
  return [weights['y.weight'].data[0], weights['y.bias'].data[0]];
}

test('weight decay shrinks weights but not biases; adamw decays apart from the gradient', async () => {
  const [plain, decayed] = [
    await afterOneStep({ type: 'sgd' }),
    await afterOneStep({ type: 'sgd', weightDecay: 0.01 }),
  ];
  expect(plain[0]).toBeCloseTo(2 - 10 * 0.018, 5);
  expect(plain[1]).toBeCloseTo(1 - 10 * 0.006, 5);
  expect(decayed[0]).toBeCloseTo(2 - 10 * (0.018 + 0.01 * 2), 5);
  expect(decayed[1]).toBeCloseTo(plain[1], 6);
  // The first step of Adam has the length of the rate, whatever the gradient.
  const adamw = await afterOneStep({ type: 'adamw', weightDecay: 0.01 });
  expect(adamw[0]).toBeCloseTo(2 - 10 * 0.01 * 2 - 10, 3);
  expect(adamw[1]).toBeCloseTo(1 - 10, 3);
});

test('clipNorm limits the step over all parameters together', async () => {
  const [w, b] = await afterOneStep({ type: 'sgd', clipNorm: 0.001 });
  expect(Math.hypot(w - 2, b - 1)).toBeCloseTo(10 * 0.001, 5);
  expect((w - 2) / (b - 1)).toBeCloseTo(3, 3);
});

test('averaged weights trail the learnt ones', async () => {
  const trainer = await lineTrainer({ type: 'sgd' }, 0.9);
  await trainer.learn(SAMPLE, 10);
  // First step: share (1 + 0) / (10 + 0) of the old average stays.
  expect(trainer.weights()['y.weight'].data[0]).toBeCloseTo(0.1 * 2 + 0.9 * 1.82, 5);
  await trainer.release();
});

test('frozen layers keep their weights and statistics', async () => {
  const model: ModelSpec = {
    ...MODEL,
    layers: MODEL.layers.map((layer) =>
      ['conv1', 'norm1'].includes(layer.name) ? { ...layer, frozen: true } : layer,
    ),
  };
  const options: FitOptions = {
    model,
    seed: 7,
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adam', learningRate: 0.02 },
    batchSize: 16,
    epochs: 0,
    train: stripeSource(3, 16, 1),
  };
  const before = (await train(runtime, options)).weights;
  const after = (await train(runtime, { ...options, epochs: 1 })).weights;
  for (const name of ['conv1.weight', 'norm1.scale', 'norm1.mean', 'norm1.variance']) {
    expect(after[name], name).toEqual(before[name]);
  }
  expect(after['conv2.weight']).not.toEqual(before['conv2.weight']);
});

test('averaging, schedules and momentum survive a resumption', async () => {
  const options: FitOptions = {
    model: MODEL,
    seed: 3,
    losses: [{ type: 'focal' }],
    optimizer: { type: 'sgd', momentum: 0.9, learningRate: 0.1, weightDecay: 1e-3 },
    schedule: { type: 'oneCycle' },
    averaging: 0.9,
    batchSize: 16,
    epochs: 3,
    train: stripeSource(3, 16, 1),
  };
  const checkpoints: Uint8Array[] = [];
  const whole = await train(runtime, { ...options, onCheckpoint: (bytes) => void checkpoints.push(bytes) });
  const resumed = await train(runtime, { ...options, resume: checkpoints[1] });
  expect(resumed.weights).toEqual(whole.weights);
  expect(resumed.history).toEqual(whole.history);
});
