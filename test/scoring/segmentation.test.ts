import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelImage } from '../../src/imaging/index.js';
import { encodeLabelImage } from '../../src/masks/index.js';
import {
  createSegmentationTally,
  matchInstances,
  overlapsOfLabels,
  overlapsOfMasks,
  segmentationScores,
} from '../../src/scoring/index.js';

/** Rows of digits, `.` for background. */
function labels(...rows: string[]): LabelImage {
  const data = Int32Array.from(rows.join(''), (digit) => (digit === '.' ? 0 : Number(digit)));
  return { width: rows[0].length, height: rows.length, data };
}

/** The label image moved right by `by` pixels; what leaves is lost. */
function shifted({ width, height, data }: LabelImage, by: number): LabelImage {
  return { width, height, data: data.map((_, i) => (i % width >= by ? data[i - by] : 0)) };
}

const SQUARES = labels('1111..22..', '1111..22..', '1111......', '1111.....3');

describe('matching cells', () => {
  test('numbers do not matter, areas do', () => {
    const predicted = labels('9999..44..', '9999..44..', '9999......', '9999......');
    const match = matchInstances(SQUARES, predicted, 0.5);
    expect(match).toMatchObject({ tp: 2, fp: 0, fn: 1 });
    expect(match.pairs).toEqual([
      { truth: 1, predicted: 9, iou: 1 },
      { truth: 2, predicted: 4, iou: 1 },
    ]);
  });

  test('rolled by one pixel the large cell still matches, the small one only below 1/3', () => {
    // Cell 1: 12 common of 20; cell 2: 2 of 6; cell 3 leaves the image.
    const rolled = shifted(SQUARES, 1);
    expect(matchInstances(SQUARES, rolled, 0.6)).toMatchObject({ tp: 1, fp: 1, fn: 2 });
    expect(matchInstances(SQUARES, rolled, 0.61)).toMatchObject({ tp: 0, fp: 2, fn: 3 });
    expect(matchInstances(SQUARES, rolled, 1 / 3)).toMatchObject({ tp: 2, fp: 0, fn: 1 });
  });

  test('at exactly one half two cells may claim a third: the lower number gets it', () => {
    const match = matchInstances(labels('1111'), labels('5522'), 0.5);
    expect(match).toMatchObject({ tp: 1, fp: 1, fn: 0 });
    expect(match.pairs).toEqual([{ truth: 1, predicted: 2, iou: 0.5 }]);
  });

  test('below one half the greatest IoU is taken first', () => {
    // 7 covers 3 of truth 1 (IoU 3/5) and 1 of truth 2; 8 covers 1 of 4 of truth 2.
    const match = matchInstances(labels('11112222'), labels('.7777.88'), 0.1);
    expect(match.pairs.map(({ truth, predicted }) => [truth, predicted])).toEqual([
      [1, 7],
      [2, 8],
    ]);
  });

  test('empty images', () => {
    const nothing = labels('....');
    expect(matchInstances(nothing, nothing, 0.5)).toEqual({ tp: 0, fp: 0, fn: 0, pairs: [] });
    expect(matchInstances(nothing, labels('1..2'), 0.5)).toMatchObject({ tp: 0, fp: 2, fn: 0 });
    expect(matchInstances(labels('1..2'), nothing, 0.5)).toMatchObject({ tp: 0, fp: 0, fn: 2 });
  });

  test('images of different sizes and senseless thresholds are refused', () => {
    expect(() => matchInstances(labels('1'), labels('11'), 0.5)).toThrow('truth is 1x1, prediction 2x1');
    expect(() => matchInstances(labels('1'), labels('1'), 0)).toThrow('iou must be in (0, 1], got 0');
  });
});

const labelImages = fc
  .record({ width: fc.integer({ min: 1, max: 8 }), height: fc.integer({ min: 1, max: 8 }) })
  .chain(({ width, height }) => {
    const data = fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: width * height, maxLength: width * height })
      .map((values) => Int32Array.from(values));
    return fc.tuple(data, data).map(([a, b]) => [
      { width, height, data: a },
      { width, height, data: b },
    ]);
  });

test('overlaps of label images are those of their masks', () => {
  fc.assert(
    fc.property(labelImages, ([predicted, truth]) => {
      const { predictedLabels, truthLabels, ...overlaps } = overlapsOfLabels(predicted, truth);
      const masks = encodeLabelImage(predicted);
      const truthMasks = encodeLabelImage(truth);
      expect(predictedLabels).toEqual([...masks.keys()]);
      expect(truthLabels).toEqual([...truthMasks.keys()]);
      expect(overlaps).toEqual(overlapsOfMasks([...masks.values()], [...truthMasks.values()]));
    }),
  );
});

test('a match is one to one, from one half up symmetric in its counts, and shrinks as the threshold rises', () => {
  fc.assert(
    fc.property(labelImages, ([a, b]) => {
      let last = Number.POSITIVE_INFINITY;
      for (const iou of [0.1, 0.5, 0.6, 0.75, 1]) {
        const { tp, fp, fn, pairs } = matchInstances(a, b, iou);
        expect(new Set(pairs.map(({ truth }) => truth)).size).toBe(tp);
        expect(new Set(pairs.map(({ predicted }) => predicted)).size).toBe(tp);
        if (iou >= 0.5) expect(matchInstances(b, a, iou)).toMatchObject({ tp, fp: fn, fn: fp });
        expect(tp).toBeLessThanOrEqual(last);
        last = tp;
      }
    }),
  );
});

describe('scores of a segmentation', () => {
  test('are counted over all images together', () => {
    const scores = segmentationScores([
      { truth: SQUARES, predicted: shifted(SQUARES, 1) },
      { truth: labels('11.2'), predicted: labels('33.4') },
    ]);
    // At 0.5 and 0.6: TP 1 + 2, FP 1, FN 2; at 0.75: TP 2, FP 2, FN 3.
    expect(scores).toMatchObject({
      ap50: 3 / 6,
      ap60: 3 / 6,
      ap75: 2 / 7,
      f1_50: 6 / 9,
      f1_75: 4 / 9,
      images: 2,
      truthCells: 5,
      predictedCells: 4,
    });
    expect(scores.panopticQuality).toBeCloseTo((0.6 + 1 + 1) / (3 + 0.5 + 1), 12);
  });

  test('perfect and empty', () => {
    expect(segmentationScores([{ truth: SQUARES, predicted: SQUARES }])).toMatchObject({
      ap50: 1,
      ap60: 1,
      ap75: 1,
      f1_50: 1,
      f1_60: 1,
      f1_75: 1,
      panopticQuality: 1,
      oversegmented: 0,
      undersegmented: 0,
    });
    const nothing = labels('..');
    expect(segmentationScores([{ truth: nothing, predicted: nothing }]).ap50).toBeNaN();
    expect(segmentationScores([{ truth: nothing, predicted: labels('.1') }]).ap50).toBe(0);
  });

  test('cells cut in two and run together are told apart', () => {
    const truth = labels('111122', '111122', '334455');
    const predicted = labels('667788', '667788', '999955');
    const tally = createSegmentationTally();
    tally.add(overlapsOfLabels(predicted, truth));
    // Truth 1 was cut into 6 and 7; prediction 9 runs 3 and 4 together.
    expect(tally.scores()).toMatchObject({ oversegmented: 1 / 5, undersegmented: 1 / 5 });
  });
});
