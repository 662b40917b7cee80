import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKerasWeights } from '../../src/io/index.js';
import {
  drawWeights,
  fromKeras,
  listWeights,
  type ModelSpec,
  transferWeights,
} from '../../src/learn/index.js';

const FILE = '../shared/data/weights/squeezenet1_1/imagenet_notop.h5';

test('the SqueezeNet of ImageNet is read layer by layer and fits its first layers', async (context) => {
  if (!existsSync(FILE)) context.skip('../shared/data is not here');
  const found = await readKerasWeights(FILE);
  expect(found).toHaveLength(50);
  expect(found[0].shape).toEqual([3, 3, 3, 64]);
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
  expect(weights['conv1.weight'].data[((5 * 3 + 2) * 3 + 1) * 3]).toBe(
    found[0].data[((1 * 3 + 0) * 3 + 2) * 64 + 5],
  );
});

test('a file that is no HDF5 is refused', async () => {
  await expect(readKerasWeights('package.json')).rejects.toThrow(
    'package.json holds no Keras weights: it is no HDF5 file',
  );
});
