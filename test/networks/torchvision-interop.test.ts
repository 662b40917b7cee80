import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import {
  compileGraph,
  createGraph,
  gradients,
  graphInput,
  mul,
  roiAlign,
  sum,
} from '../../src/engine/index.js';
import { buildObjective } from '../../src/learn/objective.js';
import {
  ANCHOR_MATCHING,
  BOX_CODING,
  BOXES_OUTPUT,
  CLASSES_OUTPUT,
  CODES_OUTPUT,
  decodeBoxes,
  encodeBoxes,
  MASKS_OUTPUT,
  maskRcnnLosses,
  matchBoxes,
  OBJECTNESS_OUTPUT,
  placeAnchors,
  suppress,
} from '../../src/networks/index.js';
import { maskTarget } from '../../src/training/detector-targets.js';
import { runtime } from '../learn/example.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('detection-oracle.py', import.meta.url));
const installed = existsSync(PYTHON);
const TOLERANCE = 1e-4;

const PLAN = { strides: [4, 8, 16, 32], sizes: [16, 33, 64, 128], ratios: [0.5, 1, 2] };
const SIZE = 64;
const SCALE = 0.25;
const OVERLAP = 0.4;
const random = createRandom(9);

interface Numbers {
  readonly shape: number[];
  readonly data: Float32Array;
}

function draw(shape: number[], next: () => number): Numbers {
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next) };
}
const normal = (...shape: number[]) => draw(shape, () => random.normal());

/** Boxes within the image, some of them near one another. */
function drawBoxes(count: number): Numbers {
  const data = Array.from({ length: count }, () => {
    const x = random.range(0, 40);
    const y = random.range(0, 40);
    return [x, y, x + random.range(4, 24), y + random.range(4, 24)];
  });
  return { shape: [count, 4], data: Float32Array.from(data.flat()) };
}

const BOXES = drawBoxes(60);
const MASK = draw([20, 30], () => (random.uniform() < 0.6 ? 1 : 0));
// Two images: anchors of objects (1), of background (0), or not asked (-1); four regions and two masks each.
const JOB = {
  boxes: BOXES,
  nearBoxes: { shape: BOXES.shape, data: BOXES.data.map((value, i) => value + (i % 4 < 2 ? 1 : 3)) },
  objects: { shape: [5, 4], data: BOXES.data.map((value, i) => value + (i % 3)).slice(0, 20) },
  deltas: normal(60, 4),
  scores: draw([60], () => random.uniform()),
  map: normal(2, 3, 16, 16),
  regions: drawBoxes(6),
  regionImages: { shape: [6], data: Float32Array.of(0, 0, 0, 1, 1, 1) },
  slopes: normal(6, 3, 7, 7),
  mask: MASK,
  maskBox: { shape: [4], data: Float32Array.of(2.5, 1.25, 27, 18) },
  labels: { shape: [2, 6], data: Float32Array.of(1, 0, -1, 1, 0, 0, 0, -1, 1, 0, 0, -1) },
  objectness: normal(2, 6),
  codes: normal(2, 24),
  codeTargets: normal(2, 24),
  ids: { shape: [8], data: Float32Array.of(3, 0, 1, 0, 2, 2, 0, 0) },
  classes: normal(8, 4),
  boxCodes: normal(8, 4),
  boxTargets: normal(8, 4),
  maskLogits: normal(4, 1, 28, 28),
  maskTargets: draw([4, 1, 28, 28], () => random.integer(2)),
};

interface Answers {
  readonly anchors: number[];
  readonly encoded: number[];
  readonly decoded: number[];
  readonly matches: number[];
  readonly kept: number[];
  readonly losses: Record<string, number>;
  readonly aligned: { output: number[]; gradient: number[] };
  readonly maskTarget: number[];
}

function greatestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < found.length; i++) most = Math.max(most, Math.abs(found[i] - expected[i]));
  return most;
}

describe.skipIf(!installed)('torchvision (skipped where bench/peers/setup has not been run)', () => {
  let told: Answers;
  beforeAll(() => {
    const plain = Object.entries(JOB).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]);
    const input = { ...Object.fromEntries(plain), plan: PLAN, size: SIZE, scale: SCALE, overlap: OVERLAP };
    told = JSON.parse(
      execFileSync(PYTHON, [ORACLE], {
        ...{ input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 26 },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
  }, 120_000);

  test('anchors', () => {
    expect(greatestDifference(placeAnchors(PLAN, SIZE, SIZE), told.anchors)).toBe(0);
  });

  test('coding of boxes, both ways', () => {
    const { boxes, nearBoxes, deltas } = JOB;
    const encoded = encodeBoxes(nearBoxes.data, boxes.data, BOX_CODING);
    expect(greatestDifference(encoded, told.encoded)).toBeLessThan(TOLERANCE);
    expect(greatestDifference(decodeBoxes(deltas.data, boxes.data, BOX_CODING), told.decoded)).toBeLessThan(
      TOLERANCE,
    );
  });

  test('matching of anchors', () => {
    expect([...matchBoxes(JOB.boxes.data, JOB.objects.data, ANCHOR_MATCHING)]).toEqual(told.matches);
  });

  test('non-maximum suppression', () => {
    const kept = suppress(JOB.boxes.data, JOB.scores.data, OVERLAP);
    expect(kept).toEqual(told.kept);
    expect(kept.length).toBeLessThan(60);
  });

  test('RoIAlign and its gradient', async () => {
    const graph = createGraph();
    const input = (name: 'map' | 'regions' | 'regionImages' | 'slopes') =>
      graphInput(graph, name, JOB[name].shape);
    const x = input('map');
    const y = roiAlign(x, input('regions'), input('regionImages'), { height: 7, width: 7, scale: SCALE });
    const [gradient] = gradients(sum(mul(y, input('slopes'))), [x]);
    const program = await compileGraph(runtime, graph, { y, gradient });
    const results = await program.run(
      Object.fromEntries(Object.entries(JOB).map(([n, { data }]) => [n, data])),
    );
    await program.release();
    expect(greatestDifference(results.y, told.aligned.output)).toBeLessThan(TOLERANCE);
    expect(greatestDifference(results.gradient, told.aligned.gradient)).toBeLessThan(TOLERANCE);
  });

  test('the mask that a region should give', () => {
    const target = new Float32Array(28 * 28);
    const [height, width] = MASK.shape;
    maskTarget(
      { x: 0, y: 0, width, height, mask: Uint8Array.from(MASK.data), locations: [] },
      JOB.maskBox.data,
      target,
    );
    // At the very border torchvision repeats the last pixel, where a cell's mask ends: the box lies within.
    expect(greatestDifference(target, told.maskTarget)).toBeLessThan(TOLERANCE);
  });

  test('the five losses', async () => {
    const graph = createGraph();
    const values = Object.fromEntries(
      Object.entries({
        [OBJECTNESS_OUTPUT]: JOB.objectness,
        [CODES_OUTPUT]: JOB.codes,
        [CLASSES_OUTPUT]: JOB.classes,
        [BOXES_OUTPUT]: JOB.boxCodes,
        [MASKS_OUTPUT]: JOB.maskLogits,
      }).map(([name, { shape }]) => [name, graphInput(graph, `given.${name}`, shape)]),
    );
    const outputs = Object.keys(values);
    const spec = { name: 'losses', inputs: [], layers: [], outputs };
    const { measures } = buildObjective(spec, values, maskRcnnLosses({ classHead: 'softmax' }));
    const figures = measures.filter(({ name }) => name.startsWith('loss_'));
    const program = await compileGraph(
      runtime,
      graph,
      Object.fromEntries(figures.map(({ name, mean }) => [name, mean])),
    );
    const { labels, ids } = JOB;
    const sampled = labels.data.filter((label) => label >= 0).length;
    const results = await program.run({
      [`given.${OBJECTNESS_OUTPUT}`]: JOB.objectness.data,
      [`given.${CODES_OUTPUT}`]: JOB.codes.data,
      [`given.${CLASSES_OUTPUT}`]: JOB.classes.data,
      [`given.${BOXES_OUTPUT}`]: JOB.boxCodes.data,
      [`given.${MASKS_OUTPUT}`]: JOB.maskLogits.data,
      sampleWeights: Float32Array.of(1, 1),
      'target.objectness': labels.data.map((label) => Math.max(0, label)),
      'entryWeights.objectness': labels.data.map((label) => (label >= 0 ? 1 : 0)),
      'target.codes': JOB.codeTargets.data,
      'entryWeights.codes': Float32Array.from({ length: 48 }, (_, i) =>
        labels.data[i >> 2] === 1 ? 1 / sampled : 0,
      ),
      'target.classes': ids.data,
      'target.boxes': JOB.boxTargets.data,
      'entryWeights.boxes': Float32Array.from({ length: 32 }, (_, i) => (ids.data[i >> 2] > 0 ? 1 / 8 : 0)),
      'target.masks': JOB.maskTargets.data,
      'entryWeights.masks': new Float32Array(JOB.maskTargets.data.length).fill(1),
    });
    await program.release();
    for (const [name, loss] of Object.entries(told.losses)) {
      expect(Math.abs(results[`loss_${name}`][0] - loss), name).toBeLessThan(TOLERANCE);
    }
  });
});
