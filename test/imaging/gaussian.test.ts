import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gaussianBlur } from '../../src/imaging/index.js';
import { plane } from './helpers.js';

test('a point spreads into the Gaussian, the same in both directions', () => {
  const size = 21;
  const data = new Float32Array(size * size);
  data[10 * size + 10] = 1;
  const out = gaussianBlur({ width: size, height: size, bitDepth: 32, data }, 1.5).data;
  for (const [dx, dy] of [
    [0, 0],
    [2, 0],
    [0, 2],
    [3, -1],
  ]) {
    const expected = Math.exp(-(dx * dx + dy * dy) / (2 * 1.5 ** 2)) / (2 * Math.PI * 1.5 ** 2);
    expect(out[(10 + dy) * size + 10 + dx]).toBeCloseTo(expected, 4);
  }
});

test('borders are mirrored with the edge pixel repeated', () => {
  const data = [4, 0, 1, 7];
  const mirrored = [1, 7, 7, 1, 0, 4, ...data, 7, 1, 0, 4, 4, 0];
  const padded = gaussianBlur(plane([mirrored]), 0.9).data;
  expect([...gaussianBlur(plane([data]), 0.9).data]).toEqual([...padded.subarray(6, 10)]);
});

test('sigma 0 gives a copy', () => {
  const input = plane([[1, 2, 3]]);
  const output = gaussianBlur(input, 0);
  expect(output).toEqual(input);
  expect(output.data).not.toBe(input.data);
});

test('the mean is kept, whatever the shape and sigma', () => {
  const shapes = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    sigmaPx: fc.double({ min: 0, max: 6, noNaN: true }),
    seed: fc.integer({ min: 1, max: 99 }),
  });
  fc.assert(
    fc.property(shapes, ({ width, height, sigmaPx, seed }) => {
      const data = Float32Array.from({ length: width * height }, (_, i) => ((i + 1) * seed * 37) % 11);
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const out = gaussianBlur({ width, height, bitDepth: 32, data }, sigmaPx);
      expect(mean(out.data)).toBeCloseTo(mean(data), 4);
    }),
  );
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('sigma %s is refused', (sigmaPx) => {
  expect(() => gaussianBlur(plane([[1]]), sigmaPx)).toThrow(/sigma/);
});
