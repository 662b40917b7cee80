import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { loadModel, sizeOf } from '../../src/engine/index.js';
import { drawWeights, exportOnnx, listWeights } from '../../src/learn/index.js';
import { runtime } from './example.js';
import { CNN, SEPARABLE, UNET } from './example-models.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('onnx_tools.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cytolocus-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(PYTHON))(`Python's ONNX tools (skipped where ${PYTHON} is absent)`, () => {
  test('onnx.checker accepts every exported network, and onnxruntime gives the same outputs to 1e-5', async () => {
    const random = createRandom(1);
    const cases = [CNN, UNET, SEPARABLE].map((model) => {
      const drawn = drawWeights(listWeights(model), 4);
      // Statistics as after a training, so that folding them has something to do.
      const weights = Object.fromEntries(
        Object.entries(drawn).map(([name, { shape, data }]) => {
          const fresh = /\.(mean|variance|scale|shift)$/.test(name);
          return [name, { shape, data: fresh ? data.map((x) => x + 0.2 * random.uniform()) : data }];
        }),
      );
      const shape = [3, ...model.inputs[0].shape];
      const data = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
      const freeSize = model === UNET;
      const bytes = exportOnnx(model, weights, {
        metadata: { name: model.name },
        activation: 'sigmoid',
        freeSize,
      });
      const path = join(folder, model.name);
      mkdirSync(path);
      writeFileSync(join(path, 'model.onnx'), bytes);
      writeFileSync(join(path, 'input.json'), JSON.stringify({ shape, data: [...data] }));
      return { model, bytes, shape, data, path };
    });
    const answers: { shape: number[]; data: number[]; metadata: Record<string, string> }[] = JSON.parse(
      execFileSync(PYTHON, [ORACLE, ...cases.map(({ path }) => path)], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      }),
    );
    for (const [index, { model, bytes, shape, data }] of cases.entries()) {
      const loaded = await loadModel(runtime, bytes);
      const { logits } = await loaded.run({ image: { shape, data } });
      await loaded.release();
      expect(answers[index].metadata).toEqual({ name: model.name });
      expect(logits.shape).toEqual(answers[index].shape);
      const worst = logits.data.reduce(
        (most, x, i) => Math.max(most, Math.abs(x - answers[index].data[i])),
        0,
      );
      expect(worst, model.name).toBeLessThan(1e-5);
    }
  }, 120_000);
});
