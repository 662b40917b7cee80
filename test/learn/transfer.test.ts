import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKerasWeights } from '../../src/io/index.js';
import {
  drawWeights,
  exportOnnx,
  type FoundWeight,
  fromKeras,
  listWeights,
  type ModelSpec,
  readOnnxWeights,
  transferWeights,
} from '../../src/learn/index.js';

const NET: ModelSpec = {
  name: 'net',
  inputs: [{ name: 'x', shape: [2, 4, 4] }],
  layers: [
    { name: 'a', type: 'conv2d', filters: 3, kernel: 3 },
    { name: 'b', type: 'conv2d', filters: 3, kernel: 3 },
    { name: 'flat', type: 'flatten' },
    { name: 'top', type: 'dense', units: 2 },
  ],
  outputs: ['top'],
};

const counting = (name: string, shape: number[], from = 0): FoundWeight => ({
  name,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => from + i),
});

test('weights of an exported network come back by name', () => {
  const weights = drawWeights(listWeights(NET), 1);
  const found = readOnnxWeights(exportOnnx(NET, weights));
  const transfer = transferWeights(drawWeights(listWeights(NET), 2), found);
  expect(transfer.weights).toEqual(weights);
  expect(transfer.matches.every(({ by }) => by === 'name')).toBe(true);
});

test('weights of other names match by order and shape, and the report says which', () => {
  const first = drawWeights(listWeights(NET), 1);
  const found = [
    counting('x0', [3, 2, 3, 3]),
    counting('x1', [3], 100),
    counting('extra', [7]),
    counting('x2', [3, 3, 3, 3], 200),
    counting('x3', [3], 300),
  ];
  const { weights, matches, unused } = transferWeights(first, found, { 'b.bias': 'x1' });
  expect(matches).toEqual([
    { name: 'a.weight', source: 'x0', by: 'order' },
    { name: 'a.bias', source: 'x3', by: 'order' },
    { name: 'b.weight', source: null, by: null },
    { name: 'b.bias', source: 'x1', by: 'mapping' },
    { name: 'top.weight', source: null, by: null },
    { name: 'top.bias', source: null, by: null },
  ]);
  expect(weights['b.bias'].data).toEqual(Float32Array.of(100, 101, 102));
  expect(weights['top.weight']).toEqual(first['top.weight']);
  expect(unused).toEqual(['extra', 'x2']);
  expect(() => transferWeights(first, found, { 'b.bias': 'extra' })).toThrow(
    'weights: "b.bias" [3] cannot be taken from "extra" [7]',
  );
});

test("Keras's filters and matrices are turned into ours", () => {
  const [filters, depthwise, dense, bias] = fromKeras([
    // Height 1, width 2, 1 input, 3 outputs.
    counting('conv/kernel:0', [1, 2, 1, 3]),
    counting('depthwise/depthwise_kernel:0', [1, 2, 2, 1]),
    counting('dense/kernel:0', [2, 3]),
    counting('dense/bias:0', [3]),
  ]);
  expect(filters).toMatchObject({ shape: [3, 1, 1, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
  expect(depthwise).toMatchObject({ shape: [2, 1, 1, 2], data: Float32Array.of(0, 2, 1, 3) });
  expect(dense).toMatchObject({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
  expect(bias.data).toEqual(Float32Array.of(0, 1, 2));
});

test('a published network of another tool is read', (context) => {
  const folder = '../shared/data/weights/unet2d_nuclei_broad';
  if (!existsSync(folder)) context.skip('../shared/data is not here');
  const found = readOnnxWeights(readFileSync(`${folder}/weights.onnx`));
  expect(found.length).toBeGreaterThan(20);
  expect(found.every(({ data }) => data.every(Number.isFinite))).toBe(true);
});

test('the SqueezeNet of ImageNet gives its first layers', async (context) => {
  const file = '../shared/data/weights/squeezenet1_1/imagenet_notop.h5';
  if (!existsSync(file)) context.skip('../shared/data is not here');
  const found = await readKerasWeights(file);
  const model: ModelSpec = {
    name: 'stem',
    inputs: [{ name: 'image', shape: [3, 32, 32] }],
    layers: [
      { name: 'conv1', type: 'conv2d', filters: 64, kernel: 3, stride: 2 },
      { name: 'squeeze', type: 'conv2d', filters: 16, kernel: 1 },
    ],
    outputs: ['squeeze'],
  };
  const { weights, matches } = transferWeights(drawWeights(listWeights(model), 1), fromKeras(found));
  expect(matches.map(({ by }) => by)).toEqual(['order', 'order', 'order', 'order']);
  // Filter 5, channel 2, row 1, column 0 of ours is [1, 0, 2, 5] of theirs.
  expect(weights['conv1.weight'].data[((5 * 3 + 2) * 3 + 1) * 3]).toBe(found[0].data[(3 * 3 + 2) * 64 + 5]);
});
