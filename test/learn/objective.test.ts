import { expect, test } from 'vitest';
import {
  createTrainer,
  type Figures,
  type LossSpec,
  type ModelSpec,
  type Weights,
} from '../../src/learn/index.js';
import { runtime } from './example.js';

/** A network that hands its two numbers through: its logits are what is fed. */
const PASS: ModelSpec = {
  name: 'pass',
  inputs: [{ name: 'x', shape: [2] }],
  layers: [{ name: 'logits', type: 'dense', units: 2, bias: false }],
  outputs: ['logits'],
};
const IDENTITY: Weights = { 'logits.weight': { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) } };

/** Figures of two samples with logits (1, -1) and (0, 2). */
async function judge(
  losses: LossSpec[],
  targets: number[],
  extra: { sampleWeights?: number[]; entryWeights?: number[] } = {},
): Promise<Figures> {
  const trainer = await createTrainer(runtime, {
    model: PASS,
    weights: IDENTITY,
    losses,
    optimizer: { type: 'sgd' },
    batchSize: 2,
    seed: 1,
  });
  const figures = await trainer.judge({
    count: 2,
    inputs: { x: Float32Array.of(1, -1, 0, 2) },
    targets: { logits: Float32Array.from(targets) },
    ...(extra.sampleWeights ? { sampleWeights: Float32Array.from(extra.sampleWeights) } : {}),
    ...(extra.entryWeights ? { entryWeights: { logits: Float32Array.from(extra.entryWeights) } } : {}),
  });
  await trainer.release();
  return figures;
}

const bce = (z: number, t: number) => Math.log1p(Math.exp(z)) - z * t;

test('sigmoid cross-entropy: smoothing, class weights, sample and entry weights', async () => {
  const targets = [1, 0, 1, 1];
  const plain = await judge([{ type: 'sigmoidCrossEntropy' }], targets);
  expect(plain.loss.mean).toBeCloseTo((bce(1, 1) + bce(-1, 0) + bce(0, 1) + bce(2, 1)) / 4, 5);
  // A logit of 0 is no yes.
  expect(plain.acc.mean).toBe(0.75);
  expect(plain.loss.weight).toBe(4);

  const smooth = await judge([{ type: 'sigmoidCrossEntropy', labelSmoothing: 0.2 }], targets);
  expect(smooth.loss.mean).toBeCloseTo((bce(1, 0.9) + bce(-1, 0.1) + bce(0, 0.9) + bce(2, 0.9)) / 4, 5);

  const weighted = await judge(
    [{ type: 'sigmoidCrossEntropy', entryWeights: true, classWeights: [1, 3] }],
    targets,
    {
      sampleWeights: [1, 2],
      entryWeights: [1, 0, 1, 1],
    },
  );
  expect(weighted.loss.mean).toBeCloseTo((bce(1, 1) + 2 * bce(0, 1) + 6 * bce(2, 1)) / 9, 5);
  expect(weighted.acc.mean).toBeCloseTo(3 / 5, 6);
});

test('softmax cross-entropy by class ids ignores negative ones and weighs true classes', async () => {
  const loss = (z: number[], k: number) => Math.log(Math.exp(z[0]) + Math.exp(z[1])) - z[k];
  const one = await judge([{ type: 'softmaxCrossEntropy' }], [1, -1]);
  expect(one.loss.mean).toBeCloseTo(loss([1, -1], 1), 5);
  expect(one.acc.mean).toBe(0);
  expect(one.loss.weight).toBe(1);
  const both = await judge([{ type: 'softmaxCrossEntropy', classWeights: [1, 3] }], [0, 1]);
  expect(both.loss.mean).toBeCloseTo((loss([1, -1], 0) + 3 * loss([0, 2], 1)) / 4, 5);
  expect(both.acc.mean).toBe(1);
  const soft = await judge([{ type: 'softmaxCrossEntropy', targets: 'probabilities' }], [0.5, 0.5, 0, 1]);
  expect(soft.loss.mean).toBeCloseTo((loss([1, -1], 0) / 2 + loss([1, -1], 1) / 2 + loss([0, 2], 1)) / 2, 5);
  const same = await judge([{ type: 'kl' }], [0, 1, 0, 1]);
  expect(same.loss.mean).toBeCloseTo((loss([1, -1], 1) + loss([0, 2], 1)) / 2, 5);
});

test('several losses add up with their shares and are told apart', async () => {
  const targets = [1, 0, 1, 1];
  const figures = await judge(
    [
      { type: 'smoothL1', share: 2 },
      { type: 'focal', gamma: 0, name: 'f' },
    ],
    targets,
  );
  // Distances 0, 1, 1, 1 cost 0, 1/2, 1/2, 1/2.
  expect(figures.smoothL1.mean).toBeCloseTo(1.5 / 4, 5);
  expect(figures.mae.mean).toBeCloseTo(0.75, 6);
  expect(figures.f.mean).toBeCloseTo((bce(1, 1) + bce(-1, 0) + bce(0, 1) + bce(2, 1)) / 4, 5);
  expect(figures.loss.mean).toBeCloseTo(2 * figures.smoothL1.mean + figures.f.mean, 5);
});

test('dice judges each class of each sample', async () => {
  const p = [1, -1, 0, 2].map((z) => 1 / (1 + Math.exp(-z)));
  const dice = (q: number, t: number) => 1 - (2 * q * t + 1) / (q + t + 1);
  const figures = await judge([{ type: 'dice' }], [1, 0, 1, 1]);
  expect(figures.loss.mean).toBeCloseTo(
    (dice(p[0], 1) + dice(p[1], 0) + dice(p[2], 1) + dice(p[3], 1)) / 4,
    5,
  );
});

test('losses that do not fit the model or each other are refused', async () => {
  await expect(judge([{ type: 'dice', output: 'mask' }], [])).rejects.toThrow(
    'a loss must name one of the outputs logits, got mask',
  );
  await expect(judge([], [])).rejects.toThrow('a training needs at least one loss');
  await expect(judge([{ type: 'dice' }, { type: 'softmaxCrossEntropy' }], [])).rejects.toThrow(
    'the losses on "logits" want target of shapes [2,2] and [2]; use one kind of targets',
  );
});

test('bags: the members are pooled, the largest target is the bag’s, and a no of some classes does not count', async () => {
  const bags = { type: 'bags', pooling: 'noisy-or', bagSize: 2 } as const;
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const logit = (p: number) => Math.log(p / (1 - p));
  const some = (a: number, b: number) => logit(1 - (1 - sigmoid(a)) * (1 - sigmoid(b)));
  // One bag of the two samples (1, -1) and (0, 2): class 0 is shown by the second, class 1 by neither.
  const { loss } = await judge([bags], [0, 0, 1, 0]);
  expect(loss.mean).toBeCloseTo((bce(some(1, 0), 1) + bce(some(-1, 2), 0)) / 2, 4);
  const positive = await judge([{ ...bags, onlyPositive: [1] }], [0, 0, 1, 0]);
  expect(positive.loss.mean).toBeCloseTo(bce(some(1, 0), 1), 4);
  const pooled = Math.log((1 + Math.exp(-4)) / 2) / 4 + 1;
  const soft = await judge([{ ...bags, pooling: 'log-sum-exp', onlyPositive: [1] }], [0, 0, 1, 0]);
  expect(soft.loss.mean).toBeCloseTo(bce(pooled, 1), 4);
  await expect(judge([{ ...bags, bagSize: 3 }], [0, 0, 1, 0])).rejects.toThrow('bags of 3 need logits');
});
