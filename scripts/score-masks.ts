/**
 * Scores a segmenter on the real fields that have cell masks, or on synthetic fields:
 *   npx tsx scripts/score-masks.ts [--segmenter classical] [--data ../shared/data/hpa]
 *   npx tsx scripts/score-masks.ts [--segmenter classical] --synthetic 30 [--seed 1 --size 1024]
 * Prints per image and pooled the matches, AP = TP / (TP + FP + FN) and F1 at IoU 0.5, 0.6 and 0.75, and the seconds.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FieldOfView, LabelImage } from '../src/imaging/index.js';
import { findFields, readField, readLabelPng, readPixelSizes } from '../src/io/index.js';
import { DEFAULT_SEGMENTER, openSegmenter } from '../src/runs/index.js';
import { matchInstances } from '../src/scoring/index.js';
import { defaultSynthSettings, simulateField } from '../src/synthetic/index.js';

const THRESHOLDS = [0.5, 0.6, 0.75];
const SUFFIX = '_cellmask.png';
/** The masked fields are at the atlas's native scale. */
const PIXEL_SIZE_UM = '0.08';
/** What a synthetic field shows, whatever its size in pixels. */
const FIELD_UM = 163.84;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/hpa' },
    synthetic: { type: 'string' },
    seed: { type: 'string', default: '1' },
    size: { type: 'string', default: '1024' },
    segmenter: { type: 'string', default: DEFAULT_SEGMENTER },
  },
});
const { segment } = await openSegmenter(values.segmenter);

interface MaskedField {
  readonly field: FieldOfView;
  readonly truth: LabelImage;
}

async function* realFields(): AsyncGenerator<MaskedField> {
  const masked = (await readdir(join(values.data, 'masks')))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length));
  const { sources } = await findFields([join(values.data, 'fov')]);
  const pixelSizes = await readPixelSizes(PIXEL_SIZE_UM);
  for (const source of sources.filter(({ id }) => masked.includes(id))) {
    const truth = await readLabelPng(join(values.data, 'masks', `${source.id}${SUFFIX}`));
    yield { field: await readField(source, pixelSizes), truth };
  }
}

function* syntheticFields(count: number, seed: number, size: number): Generator<MaskedField> {
  const settings = { ...defaultSynthSettings, width: size, height: size, pixelSizeUm: FIELD_UM / size, seed };
  for (let i = 0; i < count; i++) {
    const { field, segmentation } = simulateField(settings, i);
    yield { field, truth: segmentation.cells };
  }
}

const pooled = THRESHOLDS.map(() => ({ tp: 0, fp: 0, fn: 0 }));
console.log(['field', 'cells', 'iou', 'tp', 'fp', 'fn', 'AP', 'F1', 'seconds'].join('\t'));
const fields =
  values.synthetic === undefined
    ? realFields()
    : syntheticFields(Number(values.synthetic), Number(values.seed), Number(values.size));
for await (const { field, truth } of fields) {
  const begin = performance.now();
  const { cells } = await segment(field);
  const seconds = (performance.now() - begin) / 1000;
  THRESHOLDS.forEach((iou, i) => {
    const match = matchInstances(truth, cells, iou);
    pooled[i].tp += match.tp;
    pooled[i].fp += match.fp;
    pooled[i].fn += match.fn;
    printRow(field.id, iou, match, seconds.toFixed(2));
  });
}
THRESHOLDS.forEach((iou, i) => {
  printRow('pooled', iou, pooled[i], '');
});

function printRow(
  name: string,
  iou: number,
  { tp, fp, fn }: { tp: number; fp: number; fn: number },
  seconds: string,
): void {
  const ap = (tp / (tp + fp + fn)).toFixed(3);
  const f1 = ((2 * tp) / (2 * tp + fp + fn)).toFixed(3);
  console.log([name, tp + fp, iou, tp, fp, fn, ap, f1, seconds].join('\t'));
}
