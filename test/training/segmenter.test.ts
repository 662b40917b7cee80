import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabelImage } from '../../src/imaging/index.js';
import { loadRuntime, writeLabelPng, writePlanePng } from '../../src/io/index.js';
import { loadSegmenterNetwork, segmenterNetworkNamed } from '../../src/networks/index.js';
import { runSynthesis } from '../../src/runs/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { trainSegmenter } from '../../src/training/index.js';
import { gatherImages } from '../../src/training/segmenter-images.js';
import { drawTargets } from '../../src/training/segmenter-targets.js';

const runtime = await loadRuntime({ threads: 1 });
const IMAGES = 4;
const SIZE = 140;
let root = '';

// Pictures of bright disks with their label images.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-segmenter-'));
  for (let k = 0; k < IMAGES; k++) {
    const data = new Uint8Array(SIZE * SIZE).fill(10);
    const labels = new Int32Array(SIZE * SIZE);
    for (let i = 0; i < data.length; i++) {
      const x = (i % SIZE) + 5 * k;
      const y = Math.floor(i / SIZE);
      if (Math.hypot((x % 35) - 17, (y % 35) - 17) > 11) continue;
      data[i] = 160;
      labels[i] = 1 + Math.floor(x / 35) + 10 * Math.floor(y / 35);
    }
    await writePlanePng(join(root, 'images', `p${k}.png`), { width: SIZE, height: SIZE, bitDepth: 8, data });
    await writeLabelPng(join(root, 'labels', `p${k}.png`), { width: SIZE, height: SIZE, data: labels });
  }
  await writePlanePng(join(root, 'images', 'p9.png'), {
    width: 9,
    height: 9,
    bitDepth: 8,
    data: new Uint8Array(81),
  });
}, 60_000);
afterAll(() => rm(root, { recursive: true }));

const recipe = () => ({
  data: [root],
  network: 'nuclei_unet',
  epochs: 1,
  stepsPerEpoch: 1,
  batchSize: 1,
  validationIds: ['p3'],
  seed: 3,
});

test('a training is gone on from where its folder says, and its file says how it was made', async () => {
  const resumeFolder = join(root, 'resume');
  const first = await trainSegmenter(runtime, recipe(), { resumeFolder });
  const again = await trainSegmenter(runtime, recipe(), { resumeFolder });
  expect(Buffer.compare(again.onnx, first.onnx)).toBe(0);
  expect(first.history.map(({ epoch }) => epoch)).toEqual([1]);
  expect(first.history[0].figures).toHaveProperty('val_loss');
  expect(first.gathered.problems.map(({ code }) => code)).toEqual(['file-missing']);
  const network = await loadSegmenterNetwork(runtime, first.onnx);
  expect(network.metadata.training).toMatchObject({ seed: 3, trainingImages: 3, validationImages: 1 });
  const { inside } = await network.run([
    { width: 37, height: 50, bitDepth: 32, data: new Float32Array(37 * 50) },
  ]);
  expect([inside.width, inside.height]).toEqual([37, 50]);
  await network.release();
  await expect(trainSegmenter(runtime, { ...recipe(), seed: 4 }, { resumeFolder })).rejects.toMatchObject({
    code: 'resume-other-recipe',
  });
}, 120_000);

test('nothing to learn from is one clear error', async () => {
  const empty = join(root, 'empty', 'images');
  await expect(trainSegmenter(runtime, { ...recipe(), data: [empty] })).rejects.toMatchObject({
    code: 'no-training-images',
  });
  await writePlanePng(join(empty, 'a.png'), { width: 1, height: 1, bitDepth: 8, data: new Uint8Array(1) });
  await expect(trainSegmenter(runtime, { ...recipe(), data: [join(root, 'empty')] })).rejects.toThrow(
    /labels.a\.png: there is no such file/,
  );
  await expect(
    trainSegmenter(runtime, { ...recipe(), validationIds: ['p0', 'p1', 'p2', 'p3'] }),
  ).rejects.toMatchObject({ code: 'bad-recipe' });
  await writeFile(join(root, 'note.txt'), '');
  await expect(trainSegmenter(runtime, { ...recipe(), network: 'cells_unet' })).rejects.toThrow(
    /needs microtubules, er, nuclei/,
  );
});

test('a field of another scale is brought to the network’s', async () => {
  const folder = join(root, 'field');
  const settings = { ...defaultSynthSettings, width: 96, height: 80, pixelSizeUm: 0.64 };
  await runSynthesis(1, settings, folder, { workers: 1 });
  const { images, problems } = await gatherImages(segmenterNetworkNamed('nuclei_unet'), {
    folders: [folder],
    pixelSizes: { kind: 'given', pixelSizeUm: 0.64 },
  });
  expect(problems).toEqual([]);
  expect(images.map(({ width, height }) => [width, height])).toEqual([[192, 160]]);
});

function labels(...rows: string[]): LabelImage {
  const data = Int32Array.from(rows.join(''), (letter) => (letter === '.' ? 0 : Number(letter)));
  return { width: rows[0].length, height: rows.length, data };
}

test('targets: inside is any label; a border has two labels within reach; the distance peaks at 1 in every nucleus', () => {
  const image = labels('11122.', '11122.', '11122.', '......');
  const { inside, border, distance } = drawTargets(image, 'nuclei');
  const rows = (data: Uint8Array) =>
    [0, 1, 2, 3].map((y) => Array.from(data.subarray(6 * y, 6 * y + 6), (value) => Math.round(value / 25.5)));
  expect(rows(inside)[0]).toEqual([10, 10, 10, 10, 10, 0]);
  expect(rows(border)).toEqual([
    [0, 10, 10, 10, 10, 0],
    [0, 10, 10, 10, 10, 0],
    [0, 10, 10, 10, 10, 0],
    // Below it, too: two labels are within reach.
    [0, 0, 10, 10, 0, 0],
  ]);
  // The image's border is no outline: the first nucleus goes on beyond it.
  expect(rows(distance)[0][0]).toBe(10);
  expect(rows(distance)[0][2]).toBeLessThan(4);
  expect(Math.max(...rows(distance).map((row) => row[3]))).toBe(10);
});
