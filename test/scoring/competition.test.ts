import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompetitionScore, competitionMap, createCompetitionTally } from '../../src/scoring/index.js';
import {
  type DetectedRectangle,
  EMPTY,
  type Rectangle,
  rectangleImage,
  rectangleMask,
  type TruthRectangle,
} from './rectangles.js';

const aps = ({ perClass }: CompetitionScore) => perClass.map(({ ap }) => ap);

/** AP of class 0 in one image. */
function apOf(truth: Rectangle[], detections: [score: number, rectangle: Rectangle][]): number {
  const image = rectangleImage(
    truth.map((rectangle): TruthRectangle => [0, rectangle]),
    detections.map(([score, rectangle]): DetectedRectangle => [0, score, rectangle]),
  );
  return competitionMap([image], { classes: 1 }).mAP;
}

describe('the golden case', () => {
  const images = [
    rectangleImage(
      [
        [0, [0, 0, 10, 10]],
        [1, [0, 0, 10, 10]],
        [0, [10, 10, 20, 20]],
      ],
      [
        [0, 0.9, [0, 0, 10, 10]],
        [0, 0.8, [0, 0, 10, 9]],
        [0, 0.7, [10, 10, 20, 16]],
        [0, 0.65, [10, 10, 20, 15]],
        [1, 0.6, [0, 0, 10, 6]],
        [2, 0.5, [0, 0, 10, 10]],
        [0, 0.4, EMPTY],
      ],
    ),
    rectangleImage(
      [
        [0, [2, 2, 8, 8]],
        [2, [2, 2, 8, 8]],
      ],
      [
        [0, 0.95, [2, 2, 8, 8]],
        [1, 0.3, [2, 2, 8, 8]],
        [2, 0.2, [2, 2, 8, 8]],
      ],
    ),
  ];

  test('strict', () => {
    const score = competitionMap(images, { classes: 3 });
    expect(aps(score)).toEqual([expect.closeTo(0.916667, 6), 1, 0.5]);
    expect(score.mAP).toBeCloseTo(0.805556, 6);
    expect(score.perClass.map(({ truths, detections }) => [truths, detections])).toEqual([
      [3, 5],
      [1, 2],
      [1, 2],
    ]);
  });

  test('oid', () => {
    const score = competitionMap(images, { classes: 3, mode: 'oid' });
    expect(aps(score)).toEqual([expect.closeTo(0.916667, 6), 1, 1]);
    expect(score.mAP).toBeCloseTo(0.972222, 6);
  });

  test('oid with the class verified as absent counts the detection', () => {
    const [first, second] = images;
    const score = competitionMap([{ ...first, verifiedClasses: [2] }, second], { classes: 3, mode: 'oid' });
    expect(aps(score)[2]).toBe(0.5);
  });
});

describe('by hand', () => {
  const whole: Rectangle = [0, 0, 10, 10];

  test('an IoU of exactly 0.6 counts, the next smaller does not', () => {
    expect(apOf([whole], [[0.5, [0, 0, 10, 6]]])).toBe(1);
    expect(apOf([[0, 0, 10, 11]], [[0.5, [0, 0, 10, 6]]])).toBe(0);
  });

  test('a second detection of a taken truth is false', () => {
    // Hits 1 0 1: precision 1 at recall 1/2, 2/3 at recall 1.
    const detections: [number, Rectangle][] = [
      [0.9, whole],
      [0.8, whole],
      [0.7, [10, 0, 20, 10]],
    ];
    expect(apOf([whole, [10, 0, 20, 10]], detections)).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  test('a detection never falls back to its second best truth', () => {
    // Both truths overlap the second detection by at least 0.6; its best one is taken, so it is false.
    const truth: Rectangle[] = [whole, [0, 0, 10, 8]];
    expect(
      apOf(truth, [
        [0.9, whole],
        [0.8, [0, 0, 10, 10]],
      ]),
    ).toBe(0.5);
    expect(
      apOf(truth, [
        [0.9, whole],
        [0.8, [0, 0, 10, 8]],
      ]),
    ).toBe(1);
  });

  test('equal scores keep their order, within an image and between images', () => {
    const hit: [number, Rectangle] = [0.5, whole];
    const miss: [number, Rectangle] = [0.5, [10, 10, 20, 20]];
    expect(apOf([whole], [hit, miss])).toBe(1);
    expect(apOf([whole], [miss, hit])).toBe(0.5);
    const image = rectangleImage([[0, whole]], [[0, 0.5, whole]]);
    const other = rectangleImage([], [[0, 0.5, whole]]);
    expect(competitionMap([image, other], { classes: 1 }).mAP).toBe(1);
    expect(competitionMap([other, image], { classes: 1 }).mAP).toBe(0.5);
  });

  test('a better score takes the truth even with a worse mask, wherever it stands', () => {
    // The second detection is looked at first; the exact one comes too late.
    expect(
      apOf(
        [whole],
        [
          [0.5, whole],
          [0.9, [0, 0, 10, 7]],
        ],
      ),
    ).toBe(1);
    const tally = createCompetitionTally({ classes: 1 });
    tally.add(
      rectangleImage(
        [[0, whole]],
        [
          [0, 0.5, whole],
          [0, 0.9, [0, 0, 10, 7]],
        ],
      ),
    );
    expect([...tally.ranked(0, 0.6).hits]).toEqual([1, 0]);
  });

  test('a class without detections has AP 0, one without truth is left out', () => {
    const image = rectangleImage(
      [
        [0, whole],
        [1, whole],
      ],
      [
        [0, 0.9, whole],
        [2, 0.9, whole],
      ],
    );
    const score = competitionMap([image], { classes: 4 });
    expect(aps(score)).toEqual([1, 0, Number.NaN, Number.NaN]);
    expect(score.mAP).toBe(0.5);
  });

  test('no detections at all: 0; no truth at all: NaN', () => {
    expect(apOf([whole], [])).toBe(0);
    expect(apOf([], [[0.9, whole]])).toBeNaN();
    expect(competitionMap([]).mAP).toBeNaN();
  });

  test('empty masks are dropped, detected or true', () => {
    expect(
      apOf(
        [whole],
        [
          [0.9, EMPTY],
          [0.8, whole],
        ],
      ),
    ).toBe(1);
    expect(apOf([whole, EMPTY], [[0.9, whole]])).toBe(1);
  });

  test('one mask may stand for several classes', () => {
    const image = rectangleImage([[0, whole]], [[0, 0.9, whole]]);
    const several = {
      ...image,
      truth: [0, 1, 2].map((classId) => ({ instance: 0, classId })),
      detections: [0, 1].map((classId) => ({ instance: 0, classId, score: 0.5 })),
    };
    expect(aps(competitionMap([several], { classes: 3 }))).toEqual([1, 1, 0]);
  });

  test('300 cells in an image', () => {
    const cells = Array.from({ length: 300 }, (_, i): Rectangle => {
      const y = 3 * Math.floor(i / 20);
      const x = 3 * (i % 20);
      return [y, x, y + 3, x + 3];
    });
    const image = rectangleImage(
      cells.map((rectangle, i): TruthRectangle => [i % 19, rectangle]),
      cells.map((rectangle, i): DetectedRectangle => [i % 19, 1 - i / 1000, rectangle]),
      60,
    );
    expect(competitionMap([image]).mAP).toBe(1);
  });
});

test('several thresholds in one pass are as one each', () => {
  const ious = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
  fc.assert(
    fc.property(scenes, (scene) => {
      const images = scene.map(([truth, detections]) => rectangleImage(truth, detections, SIZE));
      const tally = createCompetitionTally({ classes: CLASSES, ious });
      for (const image of images) tally.add(image);
      expect(tally.scores()).toEqual(ious.map((iou) => competitionMap(images, { classes: CLASSES, iou })));
    }),
    { numRuns: 30 },
  );
});

test('wrong classes and scores are refused', () => {
  const tally = createCompetitionTally({ classes: 2 });
  expect(() => tally.add(rectangleImage([[2, [0, 0, 1, 1]]], []))).toThrow('class ids must be 0 to 1, got 2');
  expect(() => tally.add(rectangleImage([], [[0, Number.NaN, [0, 0, 1, 1]]]))).toThrow('NaN');
  expect(() => tally.ranked(0, 0.7)).toThrow('IoU 0.7 was not asked for');
});

const SIZE = 8;
const CLASSES = 3;
const rectangles: fc.Arbitrary<Rectangle> = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([y, x, height, width]): Rectangle => [y, x, y + height, x + width]);
const classIds = fc.integer({ min: 0, max: CLASSES - 1 });
// Few different scores, so that ties are frequent.
const scores = fc.integer({ min: 1, max: 4 }).map((n) => n / 5);
const scenes: fc.Arbitrary<[TruthRectangle[], DetectedRectangle[]][]> = fc.array(
  fc.tuple(
    fc.array(fc.tuple(classIds, rectangles), { maxLength: 5 }),
    fc.array(fc.tuple(classIds, scores, rectangles), { maxLength: 8 }),
  ),
  { maxLength: 4 },
);

/** The metric again, as plainly as it can be said: pixels counted one by one, the curve's points listed. */
function bruteForce(scene: [TruthRectangle[], DetectedRectangle[]][], oid: boolean): number[] {
  const pixels = (rectangle: Rectangle) =>
    [...rectangleMask(rectangle, SIZE).keys()].filter((i) => rectangleMask(rectangle, SIZE)[i]);
  return Array.from({ length: CLASSES }, (_, classId) => {
    const pooled: { score: number; hit: boolean }[] = [];
    let truths = 0;
    for (const [allTruth, allDetections] of scene) {
      const truth = allTruth
        .filter(([id, r]) => id === classId && pixels(r).length > 0)
        .map(([, r]) => pixels(r));
      truths += truth.length;
      if (oid && truth.length === 0) continue;
      const taken = new Set<number>();
      const ranked = allDetections
        .filter(([id, , r]) => id === classId && pixels(r).length > 0)
        .sort((a, b) => b[1] - a[1]);
      for (const [, score, rectangle] of ranked) {
        const mine = pixels(rectangle);
        const ious = truth.map((other) => {
          const common = mine.filter((pixel) => other.includes(pixel)).length;
          return common / (mine.length + other.length - common);
        });
        const best = ious.indexOf(Math.max(...ious));
        const hit = best >= 0 && ious[best] >= 0.6 && !taken.has(best);
        if (hit) taken.add(best);
        pooled.push({ score, hit });
      }
    }
    if (truths === 0) return Number.NaN;
    pooled.sort((a, b) => b.score - a.score);
    const curve = pooled.map((_, i) => {
      const found = pooled.slice(0, i + 1).filter(({ hit }) => hit).length;
      return { recall: found / truths, precision: found / (i + 1) };
    });
    let area = 0;
    for (let n = 1; n <= truths; n++) {
      const reached = curve
        .filter(({ recall }) => recall >= n / truths - 1e-9)
        .map(({ precision }) => precision);
      area += Math.max(0, ...reached) / truths;
    }
    return area;
  });
}

test.each(['strict', 'oid'] as const)('agrees with the metric written out by brute force (%s)', (mode) => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const images = scene.map(([truth, detections]) => rectangleImage(truth, detections, SIZE));
      const expected = bruteForce(scene, mode === 'oid');
      const score = competitionMap(images, { classes: CLASSES, mode });
      expect(aps(score)).toEqual(
        expected.map((ap) => (Number.isNaN(ap) ? Number.NaN : expect.closeTo(ap, 10))),
      );
    }),
    { numRuns: 300 },
  );
});
