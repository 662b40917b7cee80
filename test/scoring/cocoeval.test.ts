import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/common/index.js';
import { countsToString, encodeLabelImage, encodeMask, type Rle } from '../../src/masks/index.js';
import {
  createCocoTally,
  createSegmentationTally,
  type Detection,
  overlapsOfMasks,
  type TruthObject,
} from '../../src/scoring/index.js';
import { type Rectangle, rectangleMask } from './rectangles.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('cocoeval.py', import.meta.url));
const SIZE = 24;
const CLASSES = 3;

interface SceneImage {
  readonly truthMasks: Rle[];
  readonly masks: Rle[];
  readonly truth: TruthObject[];
  readonly detections: Detection[];
}

interface Answer {
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly perClass: (number | null)[];
  readonly matched: number[];
}

/** Rectangles that often overlap, and scores that are often equal. */
function detectionScene(random: Random, detections: number): SceneImage[] {
  return Array.from({ length: 1 + random.integer(4) }, () => {
    const truthBoxes = Array.from({ length: random.integer(7) }, () => randomRectangle(random));
    const truthMasks = truthBoxes.map(toMask);
    const masks = Array.from({ length: random.integer(detections) }, () =>
      toMask(
        truthBoxes.length > 0 && random.uniform() < 0.7
          ? shifted(truthBoxes[random.integer(truthBoxes.length)], random)
          : randomRectangle(random),
      ),
    );
    return {
      truthMasks,
      masks,
      truth: truthMasks.map((_, instance) => ({ instance, classId: random.integer(CLASSES) })),
      detections: masks.map((_, instance) => ({
        instance,
        classId: random.integer(CLASSES),
        score: random.integer(8) / 8,
      })),
    };
  });
}

/** Cells of a label image, and the same a little changed: one class, one score. */
function segmentationScene(random: Random): SceneImage[] {
  return Array.from({ length: 1 + random.integer(3) }, () => {
    const truth = new Int32Array(SIZE * SIZE);
    const predicted = new Int32Array(SIZE * SIZE);
    for (let label = 1; label <= 9; label++) {
      const rectangle = randomRectangle(random);
      paint(truth, rectangle, label);
      if (random.uniform() < 0.8) paint(predicted, shifted(rectangle, random), label);
    }
    const masksOf = (data: Int32Array) => [...encodeLabelImage({ width: SIZE, height: SIZE, data }).values()];
    const [truthMasks, masks] = [masksOf(truth), masksOf(predicted)];
    return {
      truthMasks,
      masks,
      truth: truthMasks.map((_, instance) => ({ instance, classId: 0 })),
      detections: masks.map((_, instance) => ({ instance, classId: 0, score: 0.5 })),
    };
  });
}

function randomRectangle(random: Random): Rectangle {
  const [y, x] = [random.integer(SIZE - 4), random.integer(SIZE - 4)];
  return [y, x, Math.min(SIZE, y + 3 + random.integer(9)), Math.min(SIZE, x + 3 + random.integer(9))];
}

function shifted([y0, x0, y1, x1]: Rectangle, random: Random): Rectangle {
  const move = () => random.integer(3) - 1;
  return [
    Math.max(0, y0 + move()),
    Math.max(0, x0 + move()),
    Math.min(SIZE, y1 + move()),
    Math.min(SIZE, x1 + move()),
  ];
}

function toMask(rectangle: Rectangle): Rle {
  return encodeMask(rectangleMask(rectangle, SIZE), SIZE, SIZE);
}

function paint(data: Int32Array, rectangle: Rectangle, label: number): void {
  rectangleMask(rectangle, SIZE).forEach((set, i) => {
    if (set === 1) data[i] = label;
  });
}

function askCocoEval(scenes: readonly SceneImage[][]): Answer[] {
  const segmentation = (mask: Rle) => ({ size: [SIZE, SIZE], counts: countsToString(mask.counts) });
  const questions = scenes.map((scene) => ({
    classes: CLASSES,
    images: scene.map((_, i) => ({ id: i + 1, width: SIZE, height: SIZE })),
    annotations: scene.flatMap(({ truth, truthMasks }, i) =>
      truth.map(({ instance, classId }) => ({
        image_id: i + 1,
        category_id: classId + 1,
        segmentation: segmentation(truthMasks[instance]),
      })),
    ),
    results: scene.flatMap(({ detections, masks }, i) =>
      detections.map(({ instance, classId, score }) => ({
        image_id: i + 1,
        category_id: classId + 1,
        segmentation: segmentation(masks[instance]),
        score,
      })),
    ),
  }));
  const input = JSON.stringify(questions);
  return JSON.parse(
    execFileSync(PYTHON, ['-B', ORACLE], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
}

function cocoScore(scene: readonly SceneImage[]) {
  const tally = createCocoTally({ classes: CLASSES });
  for (const { masks, truthMasks, truth, detections } of scene) {
    tally.add({ overlaps: overlapsOfMasks(masks, truthMasks), truth, detections });
  }
  return tally.score();
}

const near = (value: number | null) => (value === null ? Number.NaN : expect.closeTo(value, 10));
const hasTruthAndDetections = (scene: readonly SceneImage[]) =>
  scene.some(({ truth }) => truth.length > 0) && scene.some(({ detections }) => detections.length > 0);

describe.skipIf(!existsSync(PYTHON))(
  "beside pycocotools' COCOeval (skipped without bench/peers/.venv)",
  () => {
    const random = createRandom(7);
    const detectionScenes = [
      ...Array.from({ length: 120 }, () => detectionScene(random, 16)),
      // More than the 100 detections of a class that count in an image.
      ...Array.from({ length: 2 }, () => detectionScene(random, 900)),
    ].filter(hasTruthAndDetections);
    const segmentationScenes = Array.from({ length: 60 }, () => segmentationScene(random)).filter(
      hasTruthAndDetections,
    );
    let answers: Answer[] = [];
    beforeAll(() => {
      answers = askCocoEval([...detectionScenes, ...segmentationScenes]);
    });

    test('COCO AP: over all IoUs, at 0.5, at 0.75, and of each class', () => {
      expect(detectionScenes.length).toBeGreaterThan(100);
      detectionScenes.forEach((scene, i) => {
        const { ap, ap50, ap75, perClass } = answers[i];
        expect(cocoScore(scene)).toEqual({
          ap: near(ap),
          ap50: near(ap50),
          ap75: near(ap75),
          perClass: perClass.map(near),
        });
      });
    });

    test('outlines: as many cells are found at IoU 0.6 and 0.75', () => {
      segmentationScenes.forEach((scene, i) => {
        const tally = createSegmentationTally();
        for (const { masks, truthMasks } of scene) tally.add(overlapsOfMasks(masks, truthMasks));
        const { ap60, ap75, truthCells, predictedCells } = tally.scores();
        const { matched } = answers[detectionScenes.length + i];
        const apOf = (found: number) => found / (truthCells + predictedCells - found);
        expect([ap60, ap75]).toEqual([apOf(matched[2]), apOf(matched[5])]);
      });
    });
  },
);
