import { expect, test } from 'vitest';
import { decodeModel, loadModel, readOnnxMetadata } from '../../src/engine/index.js';
import {
  createTrainer,
  drawWeights,
  exportOnnx,
  listWeights,
  type ModelSpec,
  type Weights,
} from '../../src/learn/index.js';
import { MODEL, runtime, stripes } from './example.js';

/** Weights after a few steps: running statistics that are neither 0 nor 1. */
async function trainedWeights(): Promise<Weights> {
  const trainer = await createTrainer(runtime, {
    model: MODEL,
    weights: drawWeights(listWeights(MODEL), 3),
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adam' },
    batchSize: 16,
    seed: 1,
  });
  for (let step = 0; step < 5; step++) await trainer.learn(stripes(16, step), 0.01);
  const weights = trainer.weights();
  await trainer.release();
  return weights;
}

test('an exported network has its metadata, a free batch and no batch normalisation or dropout', async () => {
  const bytes = exportOnnx(MODEL, await trainedWeights(), {
    metadata: { classes: ['down', 'across'], version: '1' },
    activation: 'sigmoid',
  });
  expect(readOnnxMetadata(bytes)).toEqual({ classes: '["down","across"]', version: '1' });
  const operators = decodeModel(bytes).graph?.node?.map(({ opType }) => opType);
  expect(operators).toEqual([
    'Conv',
    'Relu',
    'MaxPool',
    'Conv',
    'Relu',
    'ReduceMean',
    'Gemm',
    'Sigmoid',
    'Identity',
  ]);
  const loaded = await loadModel(runtime, bytes);
  expect(loaded.inputs).toEqual([{ name: 'image', shape: ['batch', 1, 12, 12] }]);
  expect(loaded.outputs).toEqual([{ name: 'logits', shape: ['batch', 2] }]);
  const image = { shape: [3, 1, 12, 12], data: stripes(3, 5).inputs.image };
  const { logits } = await loaded.run({ image });
  expect(logits.shape).toEqual([3, 2]);
  await expect(loaded.run({ image: { ...image, shape: [3, 12, 12] } })).rejects.toThrow(
    'model input "image" must have shape [batch, 1, 12, 12], got [3, 12, 12]',
  );
  await loaded.release();
});

test('the exported network gives the numbers that the trainer saw', async () => {
  const weights = await trainedWeights();
  const logitsOf = await loadModel(runtime, exportOnnx(MODEL, weights));
  const batch = stripes(16, 77);
  const { logits } = await logitsOf.run({ image: { shape: [16, 1, 12, 12], data: batch.inputs.image } });
  const trainer = await createTrainer(runtime, {
    model: MODEL,
    weights,
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adam' },
    batchSize: 16,
    seed: 1,
  });
  const { loss } = await trainer.judge(batch);
  let total = 0;
  logits.data.forEach((z, i) => {
    total += Math.log1p(Math.exp(z)) - z * batch.targets.logits[i];
  });
  expect(total / logits.data.length).toBeCloseTo(loss.mean, 5);
  await trainer.release();
});

test('a fully convolutional network takes any height and width, with strided same padding too', async () => {
  const model: ModelSpec = {
    name: 'full',
    inputs: [{ name: 'image', shape: [1, 8, 8] }],
    layers: [
      { name: 'down', type: 'conv2d', filters: 2, kernel: 3, stride: 2 },
      { name: 'out', type: 'conv2d', filters: 1, kernel: 1 },
    ],
    outputs: ['out'],
  };
  const loaded = await loadModel(
    runtime,
    exportOnnx(model, drawWeights(listWeights(model), 1), { freeSize: true }),
  );
  const { out } = await loaded.run({ image: { shape: [2, 1, 11, 5], data: new Float32Array(110) } });
  expect(out.shape).toEqual([2, 1, 6, 3]);
  await loaded.release();
});

test('files that are no ONNX models are refused', () => {
  expect(() => readOnnxMetadata(new TextEncoder().encode('not a model at all'))).toThrow('not an ONNX model');
  expect(() => readOnnxMetadata(new Uint8Array(0))).toThrow('not an ONNX model');
});
