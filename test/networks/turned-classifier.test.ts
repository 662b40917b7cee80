import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { DEFAULT_CROP } from '../../src/crops/index.js';
import { type Classifier, type TurnCount, turnedClassifier } from '../../src/networks/index.js';
import { turnPlanes } from '../../src/networks/turned-classifier.js';

/** Scores a crop of 2 x 2 by its first pixel, for every location; notes what it was asked. */
function cornerClassifier(): Classifier & { readonly asked: string[]; released: number } {
  const asked: string[] = [];
  return {
    asked,
    released: 0,
    metadata: {
      ...{ kind: 'classifier', formatVersion: 1, network: 'corner', classes: [...LOCATIONS] },
      ...{ activation: 'sigmoid', training: {} },
      crop: { ...DEFAULT_CROP, sizePx: 2, channels: ['protein'] },
    },
    async classify(crops, count) {
      asked.push([...crops].join());
      return Float32Array.from({ length: count * LOCATIONS.length }, (_, i) => crops[Math.floor(i / 19) * 4]);
    },
    async release() {
      this.released++;
    },
  };
}

test('eight turns are all of a square’s, and scores are their mean', async () => {
  const corner = cornerClassifier();
  const turned = turnedClassifier(corner, 8);
  const scores = await turned.classify(Float32Array.of(0, 1, 2, 3, 4, 4, 4, 4), 2);
  // Each pixel comes into the corner twice.
  expect([scores[0], scores[18], scores[19]]).toEqual([1.5, 1.5, 4]);
  expect(new Set(corner.asked.map((crops) => crops.slice(0, 7)))).toEqual(
    new Set(['0,1,2,3', '1,0,3,2', '2,3,0,1', '3,2,1,0', '0,2,1,3', '2,0,3,1', '1,3,0,2', '3,1,2,0']),
  );
  await turned.release();
  expect(corner.released).toBe(1);
});

test('two turns mirror, one leaves the crop as it is, three are refused', async () => {
  expect((await turnedClassifier(cornerClassifier(), 2).classify(Float32Array.of(0, 1, 2, 3), 1))[0]).toBe(
    0.5,
  );
  const corner = cornerClassifier();
  expect((await turnedClassifier(corner, 1).classify(Float32Array.of(0, 1, 2, 3), 1))[0]).toBe(0);
  expect(corner.asked).toHaveLength(1);
  expect(() => turnedClassifier(corner, 3 as TurnCount)).toThrow('turns is 3, expected one of 1, 2, 4, 8');
});

test('planes are turned each by itself', () => {
  const to = new Float32Array(8);
  turnPlanes(Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13), to, 2, 2, 4);
  expect([...to]).toEqual([0, 2, 1, 3, 10, 12, 11, 13]);
});
