import { expect, test } from 'vitest';
import { encodeMask } from '../../src/masks/index.js';
import { createEvaluationTally } from '../../src/scoring/index.js';
import { EMPTY, type Rectangle, rectangleMask } from './rectangles.js';

const maskOf = (rectangle: Rectangle) => encodeMask(rectangleMask(rectangle), 20, 20);
const truth = (id: string, ...cells: [Rectangle, number[] | null][]) => ({
  id,
  width: 20,
  height: 20,
  cells: cells.map(([rectangle, locations], i) => ({ name: `${i}`, mask: maskOf(rectangle), locations })),
});

test('empty masks are no predicted cells, and their detections do not count', () => {
  const tally = createEvaluationTally({ classes: 2 });
  tally.add(truth('a', [[0, 0, 4, 4], [0]]), {
    masks: [maskOf(EMPTY), maskOf([0, 0, 4, 4])],
    detections: [
      { instance: 0, classId: 1, score: 1 },
      { instance: 1, classId: 0, score: 0.9 },
    ],
  });
  expect(tally.segmentation()).toMatchObject({ predictedCells: 1, ap50: 1 });
  expect(tally.locations().mAP).toBe(1);
  // The field's own labels: class 1 was only given to an empty mask.
  expect(tally.locations().images).toMatchObject({ count: 1, exactMatch: 1 });
});

test('cells of unknown locations: outlines count, locations neither way, the field has no label', () => {
  const tally = createEvaluationTally({ classes: 2 });
  tally.add(truth('a', [[0, 0, 4, 4], null], [[8, 8, 12, 12], [1]]), {
    masks: [maskOf([0, 0, 4, 4]), maskOf([8, 8, 12, 12])],
    detections: [
      { instance: 0, classId: 1, score: 0.9 },
      { instance: 1, classId: 1, score: 0.8 },
    ],
  });
  const { mAP, cells, images } = tally.locations();
  expect(mAP).toBe(1);
  expect(cells).toMatchObject({ count: 1, exactMatch: 1 });
  expect(images.count).toBe(0);
  expect(tally.segmentation().ap50).toBe(1);
});

test('scores outside [0, 1] rank, but are not calibrated', () => {
  const tally = createEvaluationTally({ classes: 1 });
  tally.add(truth('a', [[0, 0, 4, 4], [0]]), {
    masks: [maskOf([0, 0, 4, 4])],
    detections: [{ instance: 0, classId: 0, score: 12 }],
  });
  expect(tally.locations()).toMatchObject({ mAP: 1, calibration: null });
});

test('mAP over IoU 0.5 to 0.95, the curve and its best point, a field alone', () => {
  const tally = createEvaluationTally({ classes: 1 });
  // 15 common pixels of 28: IoU 0.54, found at 0.5 alone.
  const alone = tally.add(truth('a', [[0, 0, 5, 5], [0]]), {
    masks: [maskOf([0, 0, 3, 6])],
    detections: [{ instance: 0, classId: 0, score: 0.4 }],
  });
  expect(alone).toMatchObject({ id: 'a', trueCells: 1, predictedCells: 1, f1: 0, mAP: 0 });
  const second = tally.add(truth('b', [[0, 0, 5, 5], [0]]), {
    masks: [maskOf([0, 0, 5, 4])],
    detections: [{ instance: 0, classId: 0, score: 0.6 }],
  });
  expect(second).toMatchObject({ f1: 1, mAP: 1 });
  // b has IoU 0.8: found at 0.5, 0.55 ... 0.8.
  const { mAP, mAP50to95, perLocation } = tally.locations();
  expect(mAP).toBe(0.5);
  expect(mAP50to95).toBeCloseTo((1 + 6 * 0.5) / 10, 12);
  expect(perLocation[0].best).toEqual({ threshold: 0.6, precision: 1, recall: 0.5, f1: 2 / 3 });
  expect(tally.curve(0)).toHaveLength(2);
});
