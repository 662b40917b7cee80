import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otsuThreshold } from '../../src/imaging/index.js';

test('two heaps are parted in the middle of the gap between them', () => {
  const values = Float32Array.of(1, 2, 1, 2, 9, 8, 9, 8);
  expect(otsuThreshold(values)).toBeCloseTo(5, 1);
});

test('of two equally good cuts the lower one is taken, not something between them', () => {
  const threshold = otsuThreshold(Float32Array.of(11, 20, 21, 30));
  expect(threshold).toBeGreaterThan(11);
  expect(threshold).toBeLessThan(20);
});

test('values that are all equal: none lies above', () => {
  expect(otsuThreshold(Float32Array.of(3, 3, 3))).toBe(3);
});

test('the cut is as good as the best one tried by brute force', () => {
  const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 40 });
  const within = (list: number[], cut: number) =>
    [list.filter((v) => v > cut), list.filter((v) => v <= cut)].reduce((sum, part) => {
      const mean = part.reduce((a, b) => a + b, 0) / part.length;
      return sum + part.reduce((a, b) => a + (b - mean) ** 2, 0);
    }, 0);
  fc.assert(
    fc.property(values, (list) => {
      const best = Math.min(...list.map((v) => within(list, v)));
      expect(within(list, otsuThreshold(Float32Array.from(list)))).toBeCloseTo(best, 9);
    }),
  );
});

test('no values are refused', () => {
  expect(() => otsuThreshold(new Float32Array(0))).toThrow(/at least one value/);
});
