import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import type { FloatPlane } from '../../src/imaging/index.js';
import { loadRuntime } from '../../src/io/index.js';
import {
  decodeSegmenterMetadata,
  encodeSegmenterMetadata,
  loadSegmenterNetwork,
  normalisePlane,
  SEGMENTER_NETWORKS,
  SEGMENTER_NORMALISATION,
} from '../../src/networks/index.js';
import { SHIPPED_CLASSIFIER } from '../../src/runs/index.js';
import { exampleMetadata, exampleSegmenter } from './example-segmenter.js';

const runtime = await loadRuntime();

function noise(size: number): FloatPlane {
  const random = createRandom(size);
  const data = Float32Array.from({ length: size * size }, () => random.uniform());
  return { width: size, height: size, bitDepth: 32, data };
}

test.each([...SEGMENTER_NETWORKS.keys()])(
  '%s: tiles change the maps at rounding only, so the halo it names is enough',
  async (name) => {
    const bytes = exampleSegmenter(name);
    const whole = await loadSegmenterNetwork(runtime, bytes, 2048);
    const tiled = await loadSegmenterNetwork(runtime, bytes, whole.metadata.haloPx * 2 + 160);
    const planes = whole.channels.map(() => noise(620));
    const [one, many] = [await whole.run(planes), await tiled.run(planes)];
    for (const map of ['inside', 'border', 'distance'] as const) {
      let greatest = 0;
      one[map]?.data.forEach((value, i) => {
        greatest = Math.max(greatest, Math.abs(value - (many[map]?.data[i] ?? 1)));
      });
      expect(greatest).toBeLessThan(1e-4);
    }
    await whole.release();
    await tiled.release();
  },
);

test('metadata come back as they were written', () => {
  const metadata = exampleMetadata('cells_unet');
  expect(decodeSegmenterMetadata(encodeSegmenterMetadata(metadata))).toEqual(metadata);
});

test('a file that is no ONNX, no network of ours, or a classifier is one clear error', async () => {
  const code = (bytes: Uint8Array) =>
    loadSegmenterNetwork(runtime, bytes).then(
      () => 'loaded',
      (error) => error.code,
    );
  expect(await code(Uint8Array.of(1, 2, 3))).toBe('model-unreadable');
  expect(await code(exampleSegmenter('nuclei_unet', null))).toBe('model-metadata-missing');
  expect(await code(readFileSync(SHIPPED_CLASSIFIER))).toBe('model-kind');
  expect(await code(exampleSegmenter('nuclei_unet', exampleMetadata('cells_unet')))).toBe('model-shape');
});

test('normalising: percentiles become 0 and 1, the root is taken, noise is not blown up', () => {
  const ramp: FloatPlane = {
    width: 201,
    height: 1,
    bitDepth: 32,
    data: Float32Array.from({ length: 201 }, (_, i) => i / 200),
  };
  const { data } = normalisePlane(ramp, { ...SEGMENTER_NORMALISATION, lowPercent: 0, highPercent: 50 });
  expect(data[0]).toBe(0);
  expect(data[25]).toBeCloseTo(0.5, 5);
  expect(data[100]).toBeCloseTo(1, 5);
  expect(data[200]).toBeCloseTo(Math.SQRT2, 5);
  const flat: FloatPlane = { ...ramp, data: ramp.data.map((value) => 0.2 + value / 1e4) };
  expect(Math.max(...normalisePlane(flat, SEGMENTER_NORMALISATION).data)).toBeLessThan(0.2);
});
