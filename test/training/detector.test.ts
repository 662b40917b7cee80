import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { loadRuntime } from '../../src/io/index.js';
import type { CocoFile } from '../../src/masks/index.js';
import { loadDetector } from '../../src/networks/index.js';
import { drawDetectorPatch } from '../../src/training/detector-augmentation.js';
import { gatherDetectorImages } from '../../src/training/detector-images.js';
import { trainDetector } from '../../src/training/index.js';
import { PIXEL_SIZES, writeCoco, writeDisks } from './detector-data.js';

const RGB = ['microtubules', 'protein', 'nuclei'] as const;
let root = '';
let coco: CocoFile;
let path = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-detector-'));
  coco = await writeDisks(root, 4);
  path = await writeCoco(join(root, 'disks.json'), coco);
});
afterAll(() => rm(root, { recursive: true }));

const gather = (file: string) =>
  gatherDetectorImages({ coco: file, images: root, pixelSizes: PIXEL_SIZES }, RGB, 0.5);

const recipe = (epochs: number, stepsPerEpoch: number) => ({
  ...{ coco: path, images: root, pixelSizes: PIXEL_SIZES, channels: RGB, patchPx: 64, batchSize: 2 },
  ...{ epochs, stepsPerEpoch, validationShare: 0, seed: 2 },
});

test('the loss of a few pictures falls by half', async () => {
  const { history } = await trainDetector(await loadRuntime({ threads: 1 }), recipe(5, 8));
  const losses = history.map(({ figures }) => figures.loss);
  expect(losses[4]).toBeLessThan(losses[0] / 2);
}, 120_000);

test('a stopped training ends as an unbroken one, and its file says how it was made', async () => {
  const runtime = await loadRuntime({ threads: 1 });
  const whole = await trainDetector(runtime, recipe(2, 2));
  const resumeFolder = join(root, 'resume');
  const controller = new AbortController();
  const first = await trainDetector(runtime, recipe(2, 2), {
    resumeFolder,
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done) controller.abort();
    },
  });
  expect(first.stopped).toBe('aborted');
  const resumed = await trainDetector(runtime, recipe(2, 2), { resumeFolder });
  // As a comparison of millions of numbers, toEqual takes a minute.
  expect(Buffer.compare(resumed.onnx, whole.onnx)).toBe(0);
  const detector = await loadDetector(runtime, whole.onnx);
  expect(detector.metadata).toMatchObject({ channels: RGB, training: { trainingImages: 4, epochs: 2 } });
  await detector.release();
}, 120_000);

test('a softmax head learns too', async () => {
  const { history, metadata } = await trainDetector(await loadRuntime({ threads: 1 }), {
    ...{ coco: path, images: root, pixelSizes: PIXEL_SIZES, channels: RGB, classHead: 'softmax' },
    ...{ patchPx: 64, batchSize: 1, stepsPerEpoch: 6, epochs: 2, validationShare: 0.5, seed: 4 },
  });
  expect(history[1].figures.loss_classes).toBeLessThan(history[0].figures.loss_classes);
  expect(history[1].figures).toHaveProperty('val_ap50');
  expect(metadata.classHead).toBe('softmax');
}, 60_000);

test('patches keep masks on what they outline, whatever the turn and zoom', async () => {
  const { images } = await gather(path);
  for (let seed = 0; seed < 8; seed++) {
    const { planes, instances } = drawDetectorPatch(images[0], 64, 1.5, createRandom(seed));
    const green = planes.subarray(64 * 64, 2 * 64 * 64);
    for (const { x, y, width, height, mask, locations } of instances) {
      let inside = 0;
      let count = 0;
      mask.forEach((set, i) => {
        if (set === 0) return;
        inside += green[(y + Math.floor(i / width)) * 64 + x + (i % width)];
        count++;
      });
      expect(width * height).toBe(mask.length);
      // Only the disk at Nucleoplasm is green.
      expect(inside / count > 0.6, `seed ${seed}, location ${locations}`).toBe(locations[0] === 0);
    }
  }
});

test('a missing picture and a mask of another size leave their images out, crowds and empty masks are counted', async () => {
  const annotations = structuredClone(coco.annotations);
  annotations[2].segmentation = { size: [32, 32], counts: [1024] };
  annotations[4].iscrowd = 1;
  annotations[6].segmentation = { size: [64, 64], counts: [4096] };
  const images = coco.images.map((image) => (image.id === 1 ? { ...image, file_name: 'gone.png' } : image));
  const gathered = await gather(await writeCoco(join(root, 'bad.json'), { ...coco, images, annotations }));
  expect(gathered.problems.map(({ code }) => code)).toEqual(['image-missing', 'mask-size']);
  expect(gathered.problems[1].message).toMatch(/bad\.json, image 2, annotation 3: a mask is 32x32/);
  expect(gathered).toMatchObject({ crowds: 1, emptyMasks: 1 });
  expect(gathered.images.map(({ id, instances }) => [id, instances.length])).toEqual([
    ['3', 1],
    ['4', 1],
  ]);
});

test('annotations of one cell are one instance of several locations', async () => {
  const twice = { ...coco.annotations[0], id: 99, category_id: 5 };
  const file = { ...coco, annotations: [...coco.annotations, twice] };
  const { images } = await gather(await writeCoco(join(root, 'twice.json'), file));
  expect(images[0].instances.map(({ locations }) => locations)).toEqual([[0, 4], [7]]);
});

const WITHOUT_CATEGORY = (annotation: object) => ({ ...annotation, category_id: undefined });
test.each([
  ['no-annotations', () => ({ ...coco, annotations: [] })],
  ['coco-format', () => ({ ...coco, annotations: coco.annotations.map(WITHOUT_CATEGORY) })],
  ['coco-reference', () => ({ ...coco, categories: coco.categories.slice(5) })],
  ['no-training-images', () => ({ ...coco, images: coco.images.map((image) => ({ ...image, width: 9 })) })],
])('a file of which nothing can be learnt is refused: %s', async (code, make) => {
  await expect(gather(await writeCoco(join(root, `${code}.json`), make()))).rejects.toMatchObject({ code });
});
