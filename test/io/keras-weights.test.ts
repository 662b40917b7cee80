import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readKerasWeights } from '../../src/io/index.js';

const SQUEEZENET = fileURLToPath(
  new URL('../../../shared/data/weights/squeezenet1_1/imagenet_notop.h5', import.meta.url),
);

test.skipIf(!existsSync(SQUEEZENET))(
  'the published SqueezeNet 1.1 is read layer by layer (skipped without ../shared)',
  async () => {
    const weights = await readKerasWeights(SQUEEZENET);
    expect(weights).toHaveLength(50);
    expect(weights.slice(0, 3).map(({ name, shape }) => [name, shape])).toEqual([
      ['conv1/kernel', [3, 3, 3, 64]],
      ['conv1/bias', [64]],
      ['fire2/squeeze1x1/kernel', [1, 1, 64, 16]],
    ]);
    for (const { shape, data } of weights) {
      expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  },
);

test('a file of another kind is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cytolocus-keras-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'weights.h5');
  writeFileSync(path, 'not HDF5');
  await expect(readKerasWeights(path)).rejects.toThrow(/weights\.h5: is no HDF5 file/);
});
