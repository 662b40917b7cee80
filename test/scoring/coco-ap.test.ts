import { expect, test } from 'vitest';
import { competitionMap, createCocoTally } from '../../src/scoring/index.js';
import { type DetectedRectangle, EMPTY, rectangleImage, type TruthRectangle } from './rectangles.js';

function apOf(truth: TruthRectangle[], detections: DetectedRectangle[], maxDetections?: number) {
  const tally = createCocoTally({ classes: 2, maxDetections });
  tally.add(rectangleImage(truth, detections));
  return tally.score();
}

test('a detection falls back to its second best truth, which the competition does not let it', () => {
  const truth: TruthRectangle[] = [
    [0, [0, 0, 10, 10]],
    [0, [0, 0, 10, 8]],
  ];
  const detections: DetectedRectangle[] = [
    [0, 0.9, [0, 0, 10, 10]],
    [0, 0.8, [0, 0, 10, 10]],
  ];
  expect(apOf(truth, detections).ap50).toBe(1);
  expect(competitionMap([rectangleImage(truth, detections)], { classes: 2 }).mAP).toBe(0.5);
});

test('precision is read off at 101 recalls', () => {
  // Half of the truth is found: recalls 0 to 0.50 have precision 1, the others 0.
  const truth: TruthRectangle[] = [
    [0, [0, 0, 5, 5]],
    [0, [10, 10, 15, 15]],
  ];
  expect(apOf(truth, [[0, 0.9, [0, 0, 5, 5]]]).ap).toBeCloseTo(51 / 101, 12);
});

test('a mask that covers 7 of 10 pixels counts up to IoU 0.7', () => {
  const { ap, ap50, ap75 } = apOf([[0, [0, 0, 1, 10]]], [[0, 0.9, [0, 0, 1, 7]]]);
  expect([ap, ap50, ap75]).toEqual([expect.closeTo(5 / 10, 12), 1, 0]);
});

test('only so many detections of a class count in an image', () => {
  const wrong = Array.from({ length: 3 }, (): DetectedRectangle => [0, 0.9, [12, 12, 20, 20]]);
  const detections: DetectedRectangle[] = [...wrong, [0, 0.5, [0, 0, 5, 5]]];
  expect(apOf([[0, [0, 0, 5, 5]]], detections).ap50).toBeCloseTo(1 / 4, 12);
  expect(apOf([[0, [0, 0, 5, 5]]], detections, 3).ap50).toBe(0);
});

test('classes without truth are left out, empty masks dropped; nothing at all is NaN', () => {
  const truth: TruthRectangle[] = [[0, [0, 0, 5, 5]]];
  expect(
    apOf(truth, [
      [0, 0.9, EMPTY],
      [0, 0.8, [0, 0, 5, 5]],
      [1, 0.7, [0, 0, 5, 5]],
    ]),
  ).toEqual({ ap: 1, ap50: 1, ap75: 1, perClass: [1, Number.NaN] });
  expect(createCocoTally().score().ap).toBeNaN();
});
