import { expect, test } from 'vitest';
import {
  decodeCheckpoint,
  drawWeights,
  encodeCheckpoint,
  type FitOptions,
  listWeights,
  type Progress,
  fit as train,
} from '../../src/learn/index.js';
import { MODEL, runtime, stripeSource, stripes } from './example.js';

const OPTIONS: FitOptions = {
  model: MODEL,
  seed: 7,
  losses: [{ type: 'sigmoidCrossEntropy' }],
  optimizer: { type: 'adam', learningRate: 0.02 },
  batchSize: 16,
  epochs: 3,
  train: stripeSource(12, 16, 1),
};

test('a network learns to tell stripes apart, and the validation sees it', async () => {
  const progress: Progress[] = [];
  const result = await train(runtime, {
    ...OPTIONS,
    epochs: 6,
    // 10 of 16: validation takes batches that are not full.
    validation: stripeSource(2, 10, 5000),
    onProgress: (step) => progress.push(step),
  });
  const last = result.history[5].figures;
  expect(result.history[0].figures.loss).toBeGreaterThan(2 * last.loss);
  expect(last.val_acc).toBeGreaterThan(0.9);
  expect(result.stopped).toBe('finished');
  expect(progress).toHaveLength(6 * 13);
  expect(progress[12]).toMatchObject({ epoch: 1, epochs: 6, step: 12, steps: 12, done: true });
});

test('the same seed gives the same weights bit for bit; another seed gives others', async () => {
  const [first, second, other] = [
    await train(runtime, OPTIONS),
    await train(runtime, OPTIONS),
    await train(runtime, { ...OPTIONS, seed: 8 }),
  ];
  expect(second.weights).toEqual(first.weights);
  expect(other.weights['conv1.weight']).not.toEqual(first.weights['conv1.weight']);
});

test('a resumed training gives the same numbers as an unbroken one', async () => {
  const checkpoints: Uint8Array[] = [];
  const whole = await train(runtime, {
    ...OPTIONS,
    validation: stripeSource(1, 16, 9000),
    onCheckpoint: (bytes) => void checkpoints.push(bytes),
  });
  const resumed = await train(runtime, {
    ...OPTIONS,
    validation: stripeSource(1, 16, 9000),
    resume: checkpoints[0],
  });
  expect(resumed.weights).toEqual(whole.weights);
  expect(resumed.bestWeights).toEqual(whole.bestWeights);
  expect(resumed.history).toEqual(whole.history);
});

test('best weights are those of the best epoch, and patience ends a training that gets no better', async () => {
  const flags: boolean[] = [];
  const result = await train(runtime, {
    ...OPTIONS,
    epochs: 20,
    // Steps this small leave the loss where the batches put it.
    optimizer: { type: 'adam', learningRate: 1e-12 },
    train: {
      steps: 1,
      read: (epoch) => [
        epoch === 1
          ? stripes(16, 3)
          : { ...stripes(16, 3), targets: { logits: new Float32Array(32).fill(0.5) } },
      ],
    },
    monitor: 'acc',
    earlyStopping: { patience: 2 },
    onCheckpoint: (_, { isBest }) => void flags.push(isBest),
  });
  expect(result.stopped).toBe('early');
  expect(result.history).toHaveLength(flags.length);
  expect(flags.length).toBe(result.bestEpoch + 2);
  expect(flags.lastIndexOf(true) + 1).toBe(result.bestEpoch);
});

test('a loss that is not finite stops with the epoch and step', async () => {
  const broken = stripes(16, 1);
  broken.inputs.image[5] = Number.NaN;
  const batches = { steps: 2, read: () => [stripes(16, 2), broken] };
  await expect(train(runtime, { ...OPTIONS, train: batches })).rejects.toThrow(
    'epoch 1, step 2 of 2: the loss is NaN',
  );
});

test('an aborted training keeps what it had', async () => {
  const controller = new AbortController();
  const result = await train(runtime, {
    ...OPTIONS,
    signal: controller.signal,
    onCheckpoint: () => controller.abort(),
  });
  expect(result.stopped).toBe('aborted');
  expect(result.history).toHaveLength(1);
});

test('batches of the wrong size and failing sources are reported', async () => {
  const short = { ...OPTIONS, train: stripeSource(1, 9, 1) };
  await expect(train(runtime, short)).rejects.toThrow('training needs 16 samples a batch, got 9');
  const wrong = { ...stripes(16, 1), targets: { logits: new Float32Array(3) } };
  const batches = { steps: 1, read: () => [wrong] };
  await expect(train(runtime, { ...OPTIONS, train: batches })).rejects.toThrow(
    'target "logits" of 16 samples must hold 32 numbers, holds 3',
  );
  const failing = {
    steps: 2,
    async *read() {
      yield stripes(16, 1);
      throw new Error('disk gone');
    },
  };
  await expect(train(runtime, { ...OPTIONS, train: failing })).rejects.toThrow('disk gone');
  await expect(train(runtime, { ...OPTIONS, monitor: 'val_los' })).rejects.toThrow(
    'there is no figure "val_los"',
  );
});

test('a checkpoint of another model or a damaged one is refused', async () => {
  const weights = drawWeights(listWeights(MODEL), 1);
  const state = {
    step: 3,
    parameters: Float32Array.of(1, 2),
    fixed: new Float32Array(0),
    optimizer: [Float32Array.of(3, 4)],
  };
  const checkpoint = {
    model: { ...MODEL, name: 'other' },
    seed: 7,
    epoch: 1,
    history: [],
    state,
    best: weights,
  };
  const bytes = encodeCheckpoint(checkpoint);
  expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
  // What Node reads from a file lies anywhere in a larger block.
  const inBlock = Buffer.concat([Buffer.from('odd'), bytes]).subarray(3);
  expect(decodeCheckpoint(inBlock)).toEqual(checkpoint);
  await expect(train(runtime, { ...OPTIONS, resume: bytes })).rejects.toThrow(
    'the checkpoint is of model other',
  );
  expect(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 8))).toThrow('it ends after');
  expect(() => decodeCheckpoint(new Uint8Array(40))).toThrow('it does not begin as one');
});
