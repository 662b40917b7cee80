import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atan2, cos, exp, log, sin } from '../../src/common/index.js';

/** 2^-52: the distance from 1 to the next double. */
const EPSILON = Number.EPSILON;

function double(min: number, max: number) {
  return fc.double({ min, max, noNaN: true });
}

test('they agree with the engine to a few units in the last place', () => {
  fc.assert(
    fc.property(double(-700, 700), double(1e-300, 1e300), double(-1e4, 1e4), (x, positive, angle) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(4 * EPSILON);
      expect(Math.abs(log(positive) - Math.log(positive))).toBeLessThanOrEqual(
        4 * EPSILON * Math.abs(Math.log(positive)),
      );
      expect(Math.abs(sin(angle) - Math.sin(angle))).toBeLessThan(2 * EPSILON);
      expect(Math.abs(cos(angle) - Math.cos(angle))).toBeLessThan(2 * EPSILON);
    }),
  );
  fc.assert(
    fc.property(double(-1e6, 1e6), double(-1e6, 1e6), (y, x) => {
      const expected = Math.atan2(y, x);
      // The sign of a zero coordinate is not told apart.
      fc.pre(x !== 0 || y !== 0);
      expect(Math.abs(Math.abs(atan2(y, x)) - Math.abs(expected))).toBeLessThanOrEqual(4 * EPSILON * Math.PI);
    }),
  );
});

test('the ends of their ranges', () => {
  expect([exp(0), exp(-1e9), exp(-Infinity), exp(1e9), exp(Number.NaN)]).toEqual([
    1,
    0,
    0,
    Infinity,
    Number.NaN,
  ]);
  expect([exp(-745), exp(709.7)]).toEqual([5e-324, Math.exp(709.7)]);
  expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, Number.NaN, Infinity]);
  expect(log(5e-324)).toBeCloseTo(-744.44, 2);
  expect([sin(0), cos(0)]).toEqual([0, 1]);
  expect([atan2(0, 0), atan2(0, 1), atan2(0, -1), atan2(1, 0), atan2(-1, 0)]).toEqual([
    0,
    0,
    Math.PI,
    Math.PI / 2,
    -Math.PI / 2,
  ]);
});

test('they give the very bits that they gave where this digest was made', () => {
  const values = new Float64Array(5000);
  for (let i = 0; i < 1000; i++) {
    const x = (i - 500) / 7;
    values.set([exp(x), log((i + 1) / 13), sin(x), cos(x), atan2(x, (i % 37) - 18)], 5 * i);
  }
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    bytes.setFloat64(8 * i, value, true);
  });
  expect(createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')).toBe(
    'df12c166263da852d67c10fc56da5d33fc900e1dc6d10f2ac52250aa8afe42d0',
  );
});
