import { expect, test } from 'vitest';
import { drawWeights, type LayerSpec, listWeights, type ModelSpec } from '../../src/learn/index.js';

function model(layers: LayerSpec[], outputs = [layers[layers.length - 1].name]): ModelSpec {
  return { name: 'm', inputs: [{ name: 'image', shape: [3, 8, 8] }], layers, outputs };
}

test('weights are listed with shapes and roles; frozen layers are not trained', () => {
  const infos = listWeights(
    model([
      { name: 'conv', type: 'conv2d', filters: 6, kernel: [3, 5], groups: 3, frozen: true },
      { name: 'norm', type: 'batchNorm' },
      { name: 'flat', type: 'flatten' },
      { name: 'top', type: 'dense', units: 2 },
    ]),
  );
  expect(infos.map(({ name, shape, role }) => `${name} [${shape}] ${role}`)).toEqual([
    'conv.weight [6,1,3,5] fixed',
    'conv.bias [6] fixed',
    'norm.scale [6] trained',
    'norm.shift [6] trained',
    'norm.mean [6] statistic',
    'norm.variance [6] statistic',
    'top.weight [2,384] trained',
    'top.bias [2] trained',
  ]);
});

test('first weights follow He and Glorot: spread by fan-in, zeros and ones where told', () => {
  const weights = drawWeights(
    [
      { name: 'he', shape: [64, 16, 3, 3], start: 'he', role: 'trained', decays: true },
      { name: 'glorot', shape: [100, 200], start: 'glorot', role: 'trained', decays: true },
      { name: 'ones', shape: [3], start: 'ones', role: 'trained', decays: false },
    ],
    5,
  );
  const he = weights.he.data;
  const variance = he.reduce((total, w) => total + w * w, 0) / he.length;
  expect(variance).toBeCloseTo(2 / (16 * 9), 3);
  const limit = Math.sqrt(6 / 300);
  const largest = weights.glorot.data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  expect(largest).toBeLessThanOrEqual(limit);
  expect(largest).toBeGreaterThan(0.99 * limit);
  expect([...weights.ones.data]).toEqual([1, 1, 1]);
});

test('descriptions that are not sound are refused by name', () => {
  const conv: LayerSpec = { name: 'conv', type: 'conv2d', filters: 4, kernel: 3 };
  expect(() => listWeights(model([conv, conv]))).toThrow('two layers or inputs are named "conv"');
  expect(() => listWeights(model([{ ...conv, from: 'later' }]))).toThrow('layer "conv" reads "later"');
  expect(() => listWeights(model([conv], ['top']))).toThrow('output "top" is no layer');
  expect(() => listWeights(model([conv, { name: 'top', type: 'dense', units: 2 }]))).toThrow(
    'model m, layer "top": dense: input must have 2 axes, got shape [1, 4, 8, 8]',
  );
});

test('a model survives JSON', () => {
  const spec = model([{ name: 'conv', type: 'conv2d', filters: 4, kernel: 3, padding: [1, 0] }]);
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
});
