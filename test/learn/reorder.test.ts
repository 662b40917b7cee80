import { expect, test } from 'vitest';
import type { LayerSpec, ModelSpec } from '../../src/learn/index.js';
import { poolBeforeRelu } from '../../src/learn/reorder.js';

function model(layers: LayerSpec[], outputs = ['end']): ModelSpec {
  return { name: 'm', inputs: [{ name: 'x', shape: [1, 8, 8] }], layers, outputs };
}
const relu = (name: string): LayerSpec => ({ name, type: 'activation', activation: 'relu' });
const pool = (name: string): LayerSpec => ({ name, type: 'maxPool', size: 2 });
const end: LayerSpec = { name: 'end', type: 'flatten' };
const order = (spec: ModelSpec) =>
  poolBeforeRelu(spec).map(({ name, type, from }) => `${name}: ${type} of ${from}`);

test('a max pooling that alone reads a ReLU goes before it; what reads the pooling is none the wiser', () => {
  expect(order(model([relu('r'), pool('p'), end]))).toEqual([
    'r: maxPool of x',
    'p: activation of r',
    'end: flatten of p',
  ]);
});

test('a ReLU that is read elsewhere, or is an output, stays first', () => {
  const skip: LayerSpec = { name: 'end', type: 'add', from: ['r', 'r'] };
  expect(order(model([relu('r'), pool('p'), skip]))[0]).toBe('r: activation of x');
  expect(order(model([relu('r'), pool('p'), end], ['r', 'end']))[0]).toBe('r: activation of x');
});

test('other activations and other poolings stay where they are', () => {
  const average: LayerSpec = { name: 'p', type: 'averagePool', size: 2 };
  expect(order(model([relu('r'), average, end]))[0]).toBe('r: activation of x');
  const tanh: LayerSpec = { name: 'r', type: 'activation', activation: 'tanh' };
  expect(order(model([tanh, pool('p'), end]))[0]).toBe('r: activation of x');
});
