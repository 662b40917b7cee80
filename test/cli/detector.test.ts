import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { readLabelPng } from '../../src/io/index.js';
import { runSynthesis } from '../../src/runs/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { cytolocus, sharedFolder } from './harness.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('../scoring/cocoeval.py', import.meta.url));
const root = sharedFolder();
const fields = join(root, 'fields');
const out = join(root, 'out');

beforeAll(async () => {
  const settings = { ...defaultSynthSettings, width: 384, height: 256, pixelSizeUm: 0.4, seed: 5 };
  await runSynthesis(2, settings, fields, { workers: 1 });
}, 60_000);

const predict = (...more: string[]) =>
  cytolocus('predict', fields, '--detector', 'default', '--pixel-size', '0.4', '--out', out, ...more);

test('a detector gives the files that segmenting and classifying give, and goes on where it stopped', async () => {
  const first = await predict('--submission', '--coco', '--overlay');
  expect(first).toMatchObject({
    code: 0,
    noted: expect.stringMatching(/^\[1\/2\] synth-5-00000: \d+ cells/),
  });
  expect((await readdir(out)).filter((name) => /\./.test(name)).sort()).toEqual([
    ...['cells.csv', 'coco.json', 'fields.csv', 'submission.csv'],
  ]);
  const field = 'synth-5-00000';
  const cells = await readLabelPng(join(out, field, 'cells.png'));
  const nuclei = await readLabelPng(join(out, field, 'nuclei.png'));
  expect([cells.width, cells.height]).toEqual([384, 256]);
  expect(new Set(cells.data).size).toBeGreaterThan(2);
  nuclei.data.forEach((nucleus, i) => {
    if (nucleus !== 0) expect(nucleus).toBe(cells.data[i]);
  });
  const again = await predict('--submission', '--json');
  expect(again.code).toBe(0);
}, 60_000);

test('what a detector does not follow is refused beside it', async () => {
  const { code, noted } = await predict('--segmenter', 'network');
  expect([code, noted]).toEqual([2, expect.stringMatching(/--segmenter cannot be used with --detector/)]);
  const wrong = await cytolocus('predict', fields, '--out', out, '--detector', 'models/classifier.onnx');
  expect([wrong.code, wrong.noted]).toEqual([
    1,
    expect.stringMatching(/is a classifier; expected a detector/),
  ]);
});

test.skipIf(!existsSync(PYTHON))(
  'pycocotools gives its COCO results the AP that evaluate gives (skipped without bench/peers/.venv)',
  async () => {
    await predict('--coco');
    const coco = join(root, 'truth.json');
    await cytolocus('coco', fields, '--masks', join(fields, 'truth'), '--pixel-size', '0.4', '--out', coco);
    const predictions = join(out, 'coco.json');
    const evaluated = await cytolocus('evaluate', '--truth', coco, '--predictions', predictions, '--json');
    const ours = JSON.parse(evaluated.printed).coco;

    const truth = JSON.parse(await readFile(coco, 'utf8'));
    const results: { image_id: string }[] = JSON.parse(await readFile(predictions, 'utf8'));
    const ids = new Map(truth.images.map(({ id, field }: { id: number; field: string }) => [field, id]));
    const scene = {
      ...{ images: truth.images, annotations: truth.annotations, classes: LOCATIONS.length },
      results: results.map((result) => ({ ...result, image_id: ids.get(result.image_id) })),
    };
    const [theirs] = JSON.parse(
      execFileSync(PYTHON, [ORACLE], {
        ...{ input: JSON.stringify([scene]), encoding: 'utf8', maxBuffer: 1 << 26 },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
    expect(ours.ap).toBeGreaterThan(0);
    expect(ours).toEqual({
      ap: expect.closeTo(theirs.ap, 8),
      ap50: expect.closeTo(theirs.ap50, 8),
      ap75: expect.closeTo(theirs.ap75, 8),
    });
  },
  60_000,
);
