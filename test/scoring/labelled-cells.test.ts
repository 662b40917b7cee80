import { expect, test } from 'vitest';
import type { LabelImage } from '../../src/imaging/index.js';
import { competitionMap, overlapsOfLabels, scoreLabelledCells } from '../../src/scoring/index.js';

/** One row of labels, `.` for background. */
function row(text: string): LabelImage {
  return {
    width: text.length,
    height: 1,
    data: Int32Array.from(text, (digit) => (digit === '.' ? 0 : Number(digit))),
  };
}

const overlaps = overlapsOfLabels(row('44.55.66.'), row('11.22.333'));

test('cells with locations and scores become truth and detections', () => {
  const image = scoreLabelledCells(
    overlaps,
    new Map([
      [1, [0]],
      [2, [0, 1]],
      [3, [1]],
    ]),
    new Map([
      [4, [0.9, 0.2]],
      [5, [0.8, 0.7]],
      [6, [0.1, 0.6]],
    ]),
  );
  expect(image.truth).toHaveLength(4);
  expect(image.detections).toHaveLength(6);
  // Class 0: hits at 0.9 and 0.8, then a miss; class 1: hits at 0.7 and 0.6 (IoU 2/3), then a miss.
  expect(competitionMap([image], { classes: 2 })).toMatchObject({ mAP: 1 });
});

test('cells of unknown locations count neither way', () => {
  const scores = new Map([
    [4, [0.1]],
    [5, [0.9]],
    [6, [0.8]],
  ]);
  const image = scoreLabelledCells(
    overlaps,
    new Map([
      [1, [0]],
      [2, null],
    ]),
    scores,
  );
  expect(image.truth).toEqual([{ instance: 0, classId: 0 }]);
  expect(image.detections).toEqual([{ instance: 0, classId: 0, score: 0.1 }]);
});

test('a predicted cell that only grazes an unknown one is still a false positive', () => {
  const grazing = overlapsOfLabels(row('.777'), row('11..'));
  const image = scoreLabelledCells(grazing, new Map(), new Map([[7, [0.5]]]));
  expect(image.detections).toHaveLength(1);
});

test('a cell without scores gives no detections; Negative alone is a location like any other', () => {
  const image = scoreLabelledCells(
    overlaps,
    new Map([
      [1, [18]],
      [2, []],
      [3, []],
    ]),
    new Map(),
  );
  expect(image.truth).toEqual([{ instance: 0, classId: 18 }]);
  expect(image.detections).toEqual([]);
});
