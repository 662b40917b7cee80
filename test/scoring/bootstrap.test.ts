import { describe, expect, test } from 'vitest';
import {
  bootstrapByImage,
  bootstrapDifference,
  createCompetitionTally,
  createSegmentationTally,
  overlapsOfLabels,
} from '../../src/scoring/index.js';
import { type DetectedRectangle, rectangleImage, type TruthRectangle } from './rectangles.js';

/** Mean of a value over the images that a resample counts. */
const meanOf = (values: number[]) => (weights: Uint32Array) =>
  values.reduce((sum, value, i) => sum + value * weights[i], 0) /
  weights.reduce((sum, weight) => sum + weight, 0);

const values = Array.from({ length: 400 }, (_, i) => i % 2);

test('the interval of a mean is the textbook one: 0.5 +- 1.96 sqrt(0.25 / 400)', () => {
  const { estimate, low, high, resamples } = bootstrapByImage(400, meanOf(values), { resamples: 2000 });
  expect(estimate).toBe(0.5);
  expect(resamples).toBe(2000);
  expect(low).toBeCloseTo(0.451, 2);
  expect(high).toBeCloseTo(0.549, 2);
});

test('a lower level gives a narrower interval; the seed decides', () => {
  const wide = bootstrapByImage(400, meanOf(values), { level: 0.95 });
  const narrow = bootstrapByImage(400, meanOf(values), { level: 0.5 });
  expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
  expect(bootstrapByImage(400, meanOf(values), { seed: 3 })).toEqual(
    bootstrapByImage(400, meanOf(values), { seed: 3 }),
  );
  expect(bootstrapByImage(400, meanOf(values), { seed: 4 })).not.toEqual(
    bootstrapByImage(400, meanOf(values), { seed: 3 }),
  );
});

test('a constant difference on very different images is certain', () => {
  const better = values.map((value) => value + 0.1);
  const { estimate, low, high } = bootstrapDifference(400, meanOf(better), meanOf(values), {
    resamples: 200,
  });
  for (const value of [estimate, low, high]) expect(value).toBeCloseTo(0.1, 10);
});

test('resamples without a value are left out and counted', () => {
  // The value exists only where the first of two images is drawn: three resamples in four.
  const { resamples, low, high } = bootstrapByImage(2, ([first]) => (first > 0 ? 1 : Number.NaN), {
    resamples: 400,
  });
  expect(resamples).toBeGreaterThan(260);
  expect(resamples).toBeLessThan(340);
  expect([low, high]).toEqual([1, 1]);
  expect(() => bootstrapByImage(0, () => 1)).toThrow('at least one image');
});

describe('tallies count an image as often as its weight says', () => {
  test('the competition metric', () => {
    const scenes: [TruthRectangle[], DetectedRectangle[]][] = [
      [
        [
          [0, [0, 0, 4, 4]],
          [1, [5, 5, 9, 9]],
        ],
        [
          [0, 0.9, [0, 0, 4, 4]],
          [1, 0.3, [0, 0, 3, 3]],
        ],
      ],
      [
        [[0, [0, 0, 4, 4]]],
        [
          [0, 0.8, [5, 5, 9, 9]],
          [0, 0.2, [0, 0, 4, 4]],
        ],
      ],
      [
        [[1, [2, 2, 6, 6]]],
        [
          [1, 0.7, [2, 2, 6, 6]],
          [0, 0.6, [0, 0, 2, 2]],
        ],
      ],
    ];
    const tallyOf = (indices: number[]) => {
      const tally = createCompetitionTally({ classes: 2 });
      for (const i of indices) tally.add(rectangleImage(...scenes[i]));
      return tally;
    };
    const all = tallyOf([0, 1, 2]);
    expect(all.images).toBe(3);
    expect(all.scores([1, 1, 1])).toEqual(all.scores());
    expect(all.scores([2, 0, 3])).toEqual(tallyOf([0, 0, 2, 2, 2]).scores());
    expect(all.scores([0, 1, 0])).toEqual(tallyOf([1]).scores());
  });

  test('the segmentation scores', () => {
    const image = (...data: number[]) => ({ width: data.length, height: 1, data: Int32Array.from(data) });
    const tally = createSegmentationTally();
    tally.add(overlapsOfLabels(image(3, 3, 0, 0), image(1, 1, 0, 2)));
    tally.add(overlapsOfLabels(image(1, 1, 2, 2), image(1, 1, 1, 1)));
    const twice = createSegmentationTally();
    for (let i = 0; i < 2; i++) twice.add(overlapsOfLabels(image(1, 1, 2, 2), image(1, 1, 1, 1)));
    expect(tally.scores([0, 2])).toEqual(twice.scores());
    expect(tally.scores([1, 1])).toEqual(tally.scores());
  });
});
