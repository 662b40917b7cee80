import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitFolds, splitImages } from '../../src/dataset/index.js';

test('a rare location is found in every part', () => {
  const locations = new Map(
    Array.from({ length: 100 }, (_, i): [string, number[]] => [`image${i}`, i % 20 === 0 ? [5] : [0]]),
  );
  const parts = splitImages(locations, [0.8, 0.2], 1);
  expect(parts.map((ids) => ids.length)).toEqual([80, 20]);
  expect(parts.map((ids) => ids.filter((id) => locations.get(id)?.[0] === 5).length)).toEqual([4, 1]);
});

test('the same seed gives the same parts, another seed others', () => {
  const locations = new Map(Array.from({ length: 60 }, (_, i): [string, number[]] => [`image${i}`, [i % 3]]));
  expect(splitImages(locations, [0.5, 0.5], 7)).toEqual(splitImages(locations, [0.5, 0.5], 7));
  expect(splitImages(locations, [0.5, 0.5], 7)).not.toEqual(splitImages(locations, [0.5, 0.5], 8));
});

test('law: every image is in exactly one part, and sizes differ from the shares by little', () => {
  const images = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 18 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(images, fc.integer(), (labels, seed) => {
      const locations = new Map(labels.map((ids, i): [string, number[]] => [`${i}`, ids]));
      const parts = splitImages(locations, [0.7, 0.3], seed);
      expect(parts.flat().sort()).toEqual([...locations.keys()].sort());
      // Each of 19 locations may round once to either side.
      expect(Math.abs(parts[1].length - 0.3 * labels.length)).toBeLessThanOrEqual(19);
    }),
  );
});

test('shares must add up to 1', () => {
  expect(() => splitImages(new Map(), [0.8, 0.8], 1)).toThrow(
    'shares 0.8, 0.8 must be at least 0 and add up to 1',
  );
});

const labelledImages = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: 18 }), { minLength: 1, maxLength: 3 }), {
    minLength: 6,
    maxLength: 60,
  })
  .map((labels) => new Map(labels.map((ids, i): [string, number[]] => [`${i}`, ids])));

test('law: folds do not leak: every image is judged once, no group is on both sides of a fold', () => {
  const group = (image: string) => `${Math.floor(Number(image) / 2)}`;
  fc.assert(
    fc.property(labelledImages, fc.integer({ min: 2, max: 3 }), fc.integer(), (locations, k, seed) => {
      for (const groupOf of [undefined, group]) {
        const folds = splitFolds(locations, k, seed, groupOf);
        expect(folds.flatMap(({ validation }) => validation).sort()).toEqual([...locations.keys()].sort());
        for (const { training, validation } of folds) {
          expect(training.length + validation.length).toBe(locations.size);
          const seen = new Set(training.map(groupOf ?? String));
          expect(validation.filter((image) => seen.has((groupOf ?? String)(image)))).toEqual([]);
        }
      }
    }),
  );
});

test('every fold judges the same share of a rare location', () => {
  const locations = new Map(
    Array.from({ length: 100 }, (_, i): [string, number[]] => [`${i}`, i % 10 === 0 ? [0, 5] : [0]]),
  );
  const rare = splitFolds(locations, 5, 1).map(
    ({ validation }) => validation.filter((image) => locations.get(image)?.includes(5)).length,
  );
  expect(rare).toEqual([2, 2, 2, 2, 2]);
});

test('as many folds as make sense', () => {
  const three = new Map([0, 1, 2].map((id): [string, number[]] => [`${id}`, [id]]));
  expect(splitFolds(three, 3, 1)).toHaveLength(3);
  for (const folds of [1, 4, 2.5]) {
    expect(() => splitFolds(three, folds, 1)).toThrow(expect.objectContaining({ code: 'split-folds' }));
  }
});
