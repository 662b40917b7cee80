import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom, LOCATIONS } from '../../src/common/index.js';
import { readOnnxMetadata, withOnnxMetadata } from '../../src/engine/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { loadClassifier, openClassifierHead } from '../../src/networks/index.js';
import { SHIPPED_CLASSIFIER } from '../../src/runs/index.js';

const runtime = await loadRuntime({ threads: 1 });
const shipped = readFileSync(SHIPPED_CLASSIFIER);
const random = createRandom(4);
const crops = Float32Array.from({ length: 2 * 4 * 96 * 96 }, () => random.uniform());

test('features times the last layer are the logits of the classifier', async () => {
  const classifier = await loadClassifier(runtime, shipped);
  const head = await openClassifierHead(runtime, shipped);
  const scores = await classifier.classify(crops, 2);
  const features = await head.extract(crops, 2);
  expect(features).toHaveLength(2 * head.features);
  const { weight, bias } = head.layer;
  for (const [row, id] of [
    [0, 0],
    [1, 7],
    [1, 18],
  ]) {
    let logit = bias[id];
    for (let j = 0; j < head.features; j++)
      logit += weight[id * head.features + j] * features[row * head.features + j];
    expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(scores[row * LOCATIONS.length + id], 5);
  }
  expect(await head.extract(new Float32Array(0), 0)).toHaveLength(0);
  await head.release();
  await classifier.release();
});

test('a classifier with another last layer scores by that one and keeps the rest', async () => {
  const head = await openClassifierHead(runtime, shipped);
  const { weight, bias } = head.layer;
  const other = { weight: weight.map(() => 0), bias: bias.map((_, id) => (id === 3 ? 2 : -2)) };
  const same = await loadClassifier(runtime, head.withLayer(head.layer, head.metadata));
  const changed = await loadClassifier(runtime, head.withLayer(other, head.metadata));
  const before = await (await loadClassifier(runtime, shipped)).classify(crops, 2);
  const after = await same.classify(crops, 2);
  after.forEach((score, i) => {
    expect(score).toBeCloseTo(before[i], 5);
  });
  const scores = await changed.classify(crops.subarray(0, crops.length / 2), 1);
  expect(scores[3]).toBeCloseTo(0.8808, 4);
  expect(scores[4]).toBeCloseTo(0.1192, 4);
  expect(changed.metadata).toEqual(head.metadata);
});

test('a network that this program does not build has no head to adapt', async () => {
  const unknown = withOnnxMetadata(shipped, {
    ...readOnnxMetadata(shipped),
    'cytolocus.network': 'resnet_900',
  });
  await expect(openClassifierHead(runtime, unknown)).rejects.toThrow(
    'the classifier cannot be adapted: its network "resnet_900" is none of compact_residual',
  );
});
