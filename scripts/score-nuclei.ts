/**
 * Scores a nuclei network on pictures with label images that no training used:
 *   npx tsx scripts/score-nuclei.ts [--model models/nuclei.onnx] [--data ../shared/data/nuclei-dsb2018] [--list models/nuclei-dsb2018-validation.txt]
 * Prints precision, recall, F1 and AP = TP / (TP + FP + FN) over all images together at IoU 0.5 to 0.9, and the mean AP.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toFloatPlane } from '../src/imaging/index.js';
import { loadRuntime, readChannelPlane, readInputFile, readLabelPng } from '../src/io/index.js';
import { loadSegmenterNetwork } from '../src/networks/index.js';
import { matchInstances } from '../src/scoring/index.js';
import { nucleiOfPicture } from '../src/segment/index.js';

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9];

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/nuclei.onnx' },
    data: { type: 'string', default: '../shared/data/nuclei-dsb2018' },
    list: { type: 'string', default: 'models/nuclei-dsb2018-validation.txt' },
  },
});
const list = new TextDecoder().decode(await readInputFile(values.list));
const ids = list.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
const network = await loadSegmenterNetwork(await loadRuntime(), await readInputFile(values.model));
const totals = THRESHOLDS.map(() => ({ tp: 0, fp: 0, fn: 0 }));
for (const id of ids) {
  const plane = await readChannelPlane(join(values.data, 'images', `${id}.png`), 'nuclei');
  const truth = await readLabelPng(join(values.data, 'labels', `${id}.png`));
  const found = await nucleiOfPicture(network, toFloatPlane(plane));
  THRESHOLDS.forEach((iou, k) => {
    const { tp, fp, fn } = matchInstances(truth, found, iou);
    totals[k].tp += tp;
    totals[k].fp += fp;
    totals[k].fn += fn;
  });
}
console.log(`${ids.length} images`);
console.log(['IoU', 'TP', 'FP', 'FN', 'precision', 'recall', 'F1', 'AP'].join('\t'));
const aps = totals.map(({ tp, fp, fn }, k) => {
  const numbers = [tp / (tp + fp), tp / (tp + fn), (2 * tp) / (2 * tp + fp + fn), tp / (tp + fp + fn)];
  console.log([THRESHOLDS[k], tp, fp, fn, ...numbers.map((number) => number.toFixed(3))].join('\t'));
  return numbers[3];
});
console.log(`mean AP over IoU 0.5 to 0.9: ${(aps.reduce((a, b) => a + b, 0) / aps.length).toFixed(3)}`);
