import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
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

test('a large plane agrees with sorting, whatever its values and their order', () => {
  const random = createRandom(5);
  const size = { width: 300, height: 200, bitDepth: 32 as const };
  const planes = {
    even: Float32Array.from({ length: 60_000 }, () => random.uniform()),
    'mostly zero': Float32Array.from({ length: 60_000 }, () => Math.max(0, random.normal(-2, 1))),
    'of two values': Float32Array.from({ length: 60_000 }, (_, i) => (i < 100 ? 1 : -3)),
    'in the order of its columns': Float32Array.from({ length: 60_000 }, (_, i) => i % 300),
    'one bright pixel where the sample does not look': Float32Array.from({ length: 60_000 }, (_, i) =>
      i === 30 ? 1e30 : 0,
    ),
  };
  for (const [name, data] of Object.entries(planes)) {
    const sorted = data.slice().sort();
    for (const p of [0, 0.01, 1, 30, 50, 99.5, 99.9999, 100]) {
      const position = (59_999 * p) / 100;
      const low = sorted[Math.floor(position)];
      const high = sorted[Math.ceil(position)];
      expect(percentile({ ...size, data }, p), `${name}, ${p} %`).toBeCloseTo(
        low + (high - low) * (position % 1),
        9,
      );
    }
  }
});

test('the plane is left as it was', () => {
  const values = plane([[3, 1, 2]]);
  percentile(values, 50);
  expect([...values.data]).toEqual([3, 1, 2]);
});

test('a percentile outside 0 to 100 is refused', () => {
  expect(() => percentile(plane([[1]]), 101)).toThrow(/101/);
});
