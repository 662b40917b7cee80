import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { DEFAULT_CROP } from '../../src/crops/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { drawWeights, exportOnnx, listWeights, type ModelSpec } from '../../src/learn/index.js';
import {
  type ClassifierMetadata,
  encodeMetadata,
  loadClassifier,
  NETWORKS,
} from '../../src/networks/index.js';

const runtime = await loadRuntime({ threads: 1 });

const METADATA: ClassifierMetadata = {
  kind: 'classifier',
  formatVersion: 1,
  network: 'tiny',
  classes: [...LOCATIONS],
  activation: 'sigmoid',
  crop: { ...DEFAULT_CROP, sizePx: 4, channels: ['protein', 'nuclei'] },
  training: {},
};

function tinyModel(channels: number, units: number): ModelSpec {
  return {
    name: 'tiny',
    inputs: [{ name: 'crops', shape: [channels, 4, 4] }],
    layers: [
      { type: 'flatten', name: 'flat' },
      { type: 'dense', name: 'logits', units },
      { type: 'activation', name: 'scores', activation: 'sigmoid' },
    ],
    outputs: ['scores'],
  };
}

function tinyFile(channels = 2, units = 19, metadata: Record<string, string> = encodeMetadata(METADATA)) {
  const model = tinyModel(channels, units);
  return exportOnnx(model, drawWeights(listWeights(model), 5), { metadata });
}

test('scores one crop as it does among others, each between 0 and 1', async () => {
  const classifier = await loadClassifier(runtime, tinyFile());
  const crops = Float32Array.from({ length: 3 * 32 }, (_, i) => (i % 7) / 7);
  const together = await classifier.classify(crops, 3);
  const alone = await classifier.classify(crops.slice(32, 64), 1);
  expect(classifier.metadata).toEqual(METADATA);
  expect(together).toHaveLength(3 * 19);
  expect([...alone]).toEqual([...together.slice(19, 38)].map((value) => expect.closeTo(value, 5)));
  expect(together.every((score) => score > 0 && score < 1)).toBe(true);
  expect(await classifier.classify(new Float32Array(0), 0)).toHaveLength(0);
  await expect(classifier.classify(crops, 2)).rejects.toThrow('2 crops of 2x4x4 need 64 numbers, got 96');
  await classifier.release();
});

test.each([
  ['model-unreadable', () => new TextEncoder().encode('no network at all'), 'not an ONNX model'],
  ['model-metadata-missing', () => tinyFile(2, 19, {}), 'no property cytolocus.kind'],
  ['model-kind', () => tinyFile(2, 19, { 'cytolocus.kind': 'detector' }), 'is a detector'],
  ['model-shape', () => tinyFile(3), 'input is crops float32 [batch, 3, 4, 4]'],
  ['model-shape', () => tinyFile(2, 5), 'output is scores float32 [batch, 5]'],
])('%s', async (code, bytes, message) => {
  await expect(loadClassifier(runtime, bytes())).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test.each([...NETWORKS.values()])('$name: a sound description for its size of crops', async (network) => {
  const model = network.build(4, LOCATIONS.length);
  const weights = drawWeights(listWeights(model), 1);
  expect(model.inputs).toEqual([{ name: 'crops', shape: [4, network.inputPx, network.inputPx] }]);
  expect(model.outputs).toEqual(['logits']);
  expect(exportOnnx(model, weights).length).toBeLessThan(20e6);
  expect(network.reason.length).toBeGreaterThan(20);
});
