import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packLabels, unpackLabels } from '../../src/web/page/packed-labels.js';

test('runs go on over rows', () => {
  const labels = { width: 3, height: 2, data: Int32Array.from([0, 5, 5, 5, 0, 0]) };
  expect([...packLabels(labels).runs]).toEqual([0, 1, 5, 3, 0, 2]);
});

test('what is packed comes out again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: 0, max: 3 })),
      (width, values) => {
        const height = Math.floor(values.length / width);
        const labels = { width, height, data: Int32Array.from(values.slice(0, width * height)) };
        expect(unpackLabels(packLabels(labels))).toEqual(labels);
      },
    ),
  );
});
