import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FloatPlane } from '../../src/imaging/index.js';
import { readInputFile } from '../../src/io/index.js';
import { loadImportedDetector, pasteMask } from '../../src/networks/index.js';
import { importDetector } from '../../src/runs/index.js';
import { runtime } from '../learn/example.js';

const SIZE = 32;
const { ModelProto, TensorProto } = onnxProto.onnx;
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-import-'));
});
afterAll(() => rm(root, { recursive: true }));

/**
 * A network with the inputs and outputs of torchvision's export that answers the same to every picture: a square at
 * labels 1 and 3, and another one at label 2.
 */
function exported(outputs = ['boxes', 'labels', 'scores', 'masks']): Uint8Array {
  const boxes = [4, 4, 12, 12, 4, 4, 12, 13, 18, 18, 30, 30];
  const masks = new Float32Array(3 * SIZE * SIZE);
  [0, 1, 2].forEach((k) => {
    const [left, top, right, bottom] = boxes.slice(4 * k, 4 * k + 4);
    for (let y = top; y < bottom; y++)
      masks.fill(0.9, (k * SIZE + y) * SIZE + left, (k * SIZE + y) * SIZE + right);
  });
  const float = (dims: number[], data: ArrayLike<number>) => ({
    ...{ dims, dataType: TensorProto.DataType.FLOAT, floatData: Array.from(data) },
  });
  const tensors: Record<string, object> = {
    boxes: float([3, 4], boxes),
    labels: { dims: [3], dataType: TensorProto.DataType.INT64, int64Data: [1, 3, 2] },
    scores: float([3], [0.9, 0.6, 0.8]),
    masks: float([3, 1, SIZE, SIZE], masks),
  };
  const info = (name: string, elemType: number, dim: object[]) => ({
    ...{ name, type: { tensorType: { elemType, shape: { dim } } } },
  });
  const named = outputs.map((name) => tensors[name] as { dims: number[]; dataType: number });
  const model = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'exported',
      input: [info('image', 1, [{ dimValue: 3 }, { dimParam: 'height' }, { dimParam: 'width' }])],
      initializer: outputs.map((name) => ({ name: `${name}_data`, ...tensors[name] })),
      node: outputs.map((name) => ({ opType: 'Identity', input: [`${name}_data`], output: [name] })),
      output: named.map(({ dims, dataType }, i) =>
        info(
          outputs[i],
          dataType,
          dims.map((dimValue) => ({ dimValue })),
        ),
      ),
    },
  };
  return ModelProto.encode(ModelProto.create(model)).finish();
}

const RGB = ['microtubules', 'protein', 'nuclei'] as const;
const plane = (): FloatPlane => ({
  ...{ width: SIZE, height: SIZE, bitDepth: 32, data: new Float32Array(SIZE * SIZE) },
});

test('detections of several labels on one place are one cell, its labels mean what the table says', async () => {
  const model = join(root, 'torchvision.onnx');
  await writeFile(model, exported());
  const labels = join(root, 'labels.csv');
  await writeFile(labels, 'label,location\n1,Nucleoli\n2,Cytosol\n3,Nucleoplasm\n');
  const out = join(root, 'imported.onnx');
  await importDetector({ model, out, channels: RGB, labels, pixelSizeUm: 0.25 });
  const detector = await loadImportedDetector(runtime, await readInputFile(out));
  expect(detector.metadata).toMatchObject({ channels: RGB, pixelSizeUm: 0.25 });
  const found = await detector.detect([plane(), plane(), plane()]);
  await detector.release();
  expect(found.map(({ certainty }) => certainty.toFixed(1))).toEqual(['0.9', '0.8']);
  const scores = found.map((cell) =>
    [...cell.scores].flatMap((score, id) => (score > 0 ? [[id, score.toFixed(1)]] : [])),
  );
  expect(scores).toEqual([
    [
      [0, '0.6'],
      [2, '0.9'],
    ],
    [[16, '0.8']],
  ]);
  const { box, mask } = pasteMask(found[0], { x: 1, y: 1 }, SIZE, SIZE);
  expect([box, mask.reduce((a, b) => a + b)]).toEqual([{ x: 4, y: 4, width: 8, height: 8 }, 64]);
});

test('a network with other outputs is refused, and so are labels that name no location', async () => {
  const model = join(root, 'other.onnx');
  await writeFile(model, exported(['boxes', 'scores']));
  const options = { model, out: join(root, 'never.onnx'), channels: RGB, labels: null, pixelSizeUm: 0.25 };
  await expect(importDetector(options)).rejects.toMatchObject({ code: 'model-outputs' });
  const labels = join(root, 'wrong.csv');
  await writeFile(labels, 'label,location\n0,Nucleoli\n');
  await expect(importDetector({ ...options, labels })).rejects.toMatchObject({ code: 'label-table' });
});
