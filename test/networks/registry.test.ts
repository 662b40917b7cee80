import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { loadModel } from '../../src/engine/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { drawWeights, exportOnnx, listWeights } from '../../src/learn/index.js';
import { NETWORKS, networkNamed, networkSize } from '../../src/networks/index.js';

const runtime = await loadRuntime({ threads: 1 });
const CLASSES = LOCATIONS.length;

test.each([...NETWORKS.values()])(
  '$name takes two crops of 3 or 4 channels and gives 19 logits each',
  async (network) => {
    for (const channels of [3, 4]) {
      const model = network.build(channels, CLASSES);
      const { inputPx } = network;
      const weights = drawWeights(listWeights(model), 1);
      const loaded = await loadModel(runtime, exportOnnx(model, weights));
      const data = Float32Array.from({ length: 2 * channels * inputPx ** 2 }, (_, i) => (i % 11) / 11);
      const { logits } = await loaded.run({ crops: { shape: [2, channels, inputPx, inputPx], data } });
      expect(logits.shape).toEqual([2, CLASSES]);
      expect(logits.data.every(Number.isFinite)).toBe(true);
      await loaded.release();
    }
  },
);

test('every network is below 5 million weights, and docs/networks.md has its name, size and reason', () => {
  const page = readFileSync('docs/networks.md', 'utf8');
  for (const network of NETWORKS.values()) {
    const { parameters, megaFlop } = networkSize(network, 4, CLASSES);
    expect(parameters).toBeLessThan(5e6);
    expect(page).toContain(
      `| \`${network.name}\` | ${network.inputPx} px | ${parameters.toLocaleString('en')} | ${megaFlop.toFixed(0)} | ${network.reason} |`,
    );
  }
  expect(page.match(/^\| `/gm)).toHaveLength(NETWORKS.size);
});

test('a network’s size is that of its layers, added up by hand', () => {
  // conv_basic3: filters of 3x3 with biases, then 64 * 16 * 16 numbers to 64 units to 19 logits.
  const { parameters, megaFlop } = networkSize(networkNamed('conv_basic3'), 4, CLASSES);
  const filters = [16 * 4 * 9, 32 * 16 * 9, 64 * 32 * 9];
  const dense = [64 * 16 * 16 * 64, 64 * 19];
  expect(parameters).toBe([...filters, ...dense, 16, 32, 64, 64, 19].reduce((a, b) => a + b));
  expect(megaFlop).toBeCloseTo(
    (2 * (filters[0] * 128 ** 2 + filters[1] * 64 ** 2 + filters[2] * 32 ** 2 + dense[0] + dense[1])) / 1e6,
  );
});
