import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { FloatPlane } from '../../src/imaging/index.js';
import { decodeNpy, loadRuntime, openModelPackage } from '../../src/io/index.js';
import {
  describePackage,
  loadPackageNetwork,
  parsePackage,
  processPlanes,
} from '../../src/networks/index.js';
import { openPackageNetwork } from '../../src/runs/index.js';
import { exampleMetadata, exampleSegmenter } from './example-segmenter.js';

const BROAD = fileURLToPath(new URL('../../../shared/data/weights/unet2d_nuclei_broad', import.meta.url));
const runtime = await loadRuntime();

const plane = (...data: number[]): FloatPlane => ({
  width: data.length,
  height: 1,
  bitDepth: 32,
  data: Float32Array.from(data),
});
const step = (name: string, settings: Record<string, unknown> = {}) => ({ name, settings });
const rounded = (planes: readonly FloatPlane[]) =>
  planes.map(({ data }) => [...data].map((value) => Number(value.toFixed(4))));

test.skipIf(!existsSync(BROAD))(
  'a published package gives its own test output for its own test input (skipped without ../shared)',
  async () => {
    const { network } = await openPackageNetwork(runtime, BROAD);
    const files = await openModelPackage(BROAD);
    const input = decodeNpy(await files.readFile('test_input.npy'), 'test_input.npy');
    const expected = decodeNpy(await files.readFile('test_output.npy'), 'test_output.npy');
    expect(input.shape).toEqual([1, 1, 512, 512]);
    const [found] = await network.runRaw([{ width: 512, height: 512, bitDepth: 32, data: input.data }]);
    let greatest = 0;
    found.data.forEach((value, i) => {
      greatest = Math.max(greatest, Math.abs(value - expected.data[i]));
    });
    expect(greatest).toBeLessThan(1e-3);
    await network.release();
  },
);

test.skipIf(!existsSync(BROAD))(
  'a network of one fixed size goes over larger and smaller images in tiles (skipped without ../shared)',
  async () => {
    const { network } = await openPackageNetwork(runtime, BROAD);
    expect(network).toMatchObject({ target: 'nuclei', channels: ['nuclei'] });
    const data = new Float32Array(600 * 300);
    for (let i = 0; i < data.length; i++) {
      const [x, y] = [i % 600, Math.floor(i / 600)];
      data[i] = Math.hypot(x - 470, y - 150) < 20 ? 0.8 : 0.1;
    }
    const { inside } = await network.run([{ width: 600, height: 300, bitDepth: 32, data }]);
    expect([inside.width, inside.height]).toEqual([600, 300]);
    expect(inside.data[150 * 600 + 470]).toBeGreaterThan(0.5);
    expect(inside.data[50 * 600 + 100]).toBeLessThan(0.5);
    await network.release();
  },
);

test('processing steps, on numbers one can check', () => {
  const two = [plane(0, 10), plane(2, 4)];
  expect(rounded(processPlanes(two, [step('scale_linear', { gain: [2, 1], offset: 1 })]))).toEqual([
    [1, 21],
    [3, 5],
  ]);
  const byPlane = step('zero_mean_unit_variance', { mode: 'per_sample', axes: 'yx' });
  expect(rounded(processPlanes(two, [byPlane]))).toEqual([
    [-1, 1],
    [-1, 1],
  ]);
  const together = step('zero_mean_unit_variance', { axes: ['channel', 'y', 'x'] });
  expect(rounded(processPlanes([plane(0, 0), plane(2, 2)], [together]))).toEqual([
    [-1, -1],
    [1, 1],
  ]);
  const range = step('scale_range', { axes: ['y', 'x'], min_percentile: 0, max_percentile: 100 });
  expect(rounded(processPlanes(two, [range, step('clip', { max: 0.5 })]))).toEqual([
    [0, 0.5],
    [0, 0.5],
  ]);
  expect(rounded(processPlanes([plane(0, 1), plane(0, 3)], [step('softmax')]))[0]).toEqual([0.5, 0.1192]);
  expect(rounded(processPlanes([plane(0)], [step('sigmoid'), step('binarize', { threshold: 0.4 })]))).toEqual(
    [[1]],
  );
  expect(
    rounded(processPlanes([plane(3)], [step('fixed_zero_mean_unit_variance', { mean: 1, std: 4 })])),
  ).toEqual([[0.5]]);
  expect(rounded(two)).toEqual([
    [0, 10],
    [2, 4],
  ]);
});

test('what the program cannot do with a package is said, not guessed', async () => {
  const code = (text: string) => {
    try {
      return parsePackage(text).name;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code('a: [')).toBe('package-unreadable');
  expect(code('type: dataset\nformat_version: 0.2.0')).toBe('package-format');
  expect(code('type: model\nformat_version: 0.3.0')).toBe('package-format');
  const text = (axes: string, weights: string) =>
    `{type: model, format_version: 0.4.9, name: n, weights: ${weights}, inputs: [{name: a, axes: ${axes}, shape: [1, 1, 64, 64]}], outputs: [{name: b, axes: ${axes}, shape: [1, 1, 64, 64]}]}`;
  expect(code(text('bcyx', '{onnx: {source: w.onnx}}'))).toBe('n');
  expect(code(text('bczyx', '{onnx: {source: w.onnx}}'))).toBe('package-unsupported');
  expect(code(text('bcyx', '{torchscript: {source: w.pt}}'))).toBe('package-unsupported');
  expect(() => processPlanes([plane(1)], [step('scale_mean_variance')])).toThrow(/scale_mean_variance/);
  const three = parsePackage(
    text('bcyx', '{onnx: {source: w.onnx}}').replace('shape: [1, 1, 64, 64]', 'shape: [1, 3, 64, 64]'),
  );
  await expect(loadPackageNetwork(runtime, three, exampleSegmenter('cells_unet'))).rejects.toMatchObject({
    code: 'package-channels',
  });
});

test('the description that is written is read back with the same meaning', () => {
  const metadata = exampleMetadata('cells_unet');
  const digest = '0'.repeat(64);
  const text = describePackage(metadata, {
    name: 'Cytolocus cells',
    description: 'd',
    timestamp: '2026-01-01T00:00:00Z',
    version: '0.1.0',
    opset: 18,
    sha256: { weights: digest, testInput: digest, testOutput: digest },
  });
  const { input, output, weights, config, formatVersion } = parsePackage(text);
  expect(formatVersion).toMatch(/^0\.5\./);
  expect(weights).toEqual({ source: 'weights.onnx', sha256: digest });
  expect(input).toMatchObject({
    axes: 'bcyx',
    channels: 3,
    pixelSizeUm: 0.32,
    width: { least: 480, step: 32 },
  });
  expect(input.processing.map(({ name }) => name)).toEqual(['ensure_dtype', 'scale_range', 'clip']);
  expect(output).toMatchObject({ axes: 'bcyx', channels: 3, haloPx: metadata.haloPx });
  expect(config.cytolocus).toMatchObject({ target: 'cells', channels: ['microtubules', 'er', 'nuclei'] });
});
