import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile } from '../../src/imaging/index.js';
import { plane } from './helpers.js';

test('the ends are minimum and maximum, the middle is interpolated', () => {
  const values = plane([[40, 10, 20, 30]]);
  expect(percentile(values, 0)).toBe(10);
  expect(percentile(values, 50)).toBe(25);
  expect(percentile(values, 100)).toBe(40);
});

test('every bit depth agrees with sorting', () => {
  const values = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (list, p) => {
      const sorted = [...list].sort((a, b) => a - b);
      const position = ((list.length - 1) * p) / 100;
      const low = sorted[Math.floor(position)];
      const expected = low + (sorted[Math.ceil(position)] - low) * (position % 1);
      const size = { width: list.length, height: 1 };
      expect(percentile({ ...size, bitDepth: 8, data: Uint8Array.from(list) }, p)).toBeCloseTo(expected, 9);
      expect(percentile({ ...size, bitDepth: 16, data: Uint16Array.from(list) }, p)).toBeCloseTo(expected, 9);
      expect(percentile({ ...size, bitDepth: 32, data: Float32Array.from(list) }, p)).toBeCloseTo(
        expected,
        9,
      );
    }),
  );
});

test('the plane is left as it was', () => {
  const values = plane([[3, 1, 2]]);
  percentile(values, 50);
  expect([...values.data]).toEqual([3, 1, 2]);
});

test('a percentile outside 0 to 100 is refused', () => {
  expect(() => percentile(plane([[1]]), 101)).toThrow(/101/);
});
