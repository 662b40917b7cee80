import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';

const take = (seed: number, n: number) => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => random.uniform());
};

test('the same seed gives the same numbers, another seed gives others', () => {
  expect(take(7, 5)).toEqual(take(7, 5));
  expect(take(7, 5)).not.toEqual(take(8, 5));
});

test('the sequence never changes between versions: data sets are named by their seed', () => {
  const random = createRandom(1);
  expect(Array.from({ length: 4 }, () => random.integer(1000))).toMatchInlineSnapshot(`
    [
      425,
      790,
      691,
      524,
    ]
  `);
});

test('a fork depends on its key alone, not on what was drawn before', () => {
  const fresh = createRandom(3).fork(5).uniform();
  const used = createRandom(3);
  used.uniform();
  expect(used.fork(5).uniform()).toBe(fresh);
  expect(createRandom(3).fork(6).uniform()).not.toBe(fresh);
});

test('uniform and normal numbers have their moments', () => {
  const random = createRandom(11);
  const n = 20_000;
  const uniforms = Array.from({ length: n }, () => random.uniform());
  const normals = Array.from({ length: n }, () => random.normal(2, 3));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / n;
  const sd = (values: number[]) => {
    const center = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
  };
  expect(mean(uniforms)).toBeCloseTo(0.5, 1);
  expect(sd(uniforms)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  expect(mean(normals)).toBeCloseTo(2, 1);
  expect(sd(normals)).toBeCloseTo(3, 1);
  expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniforms)).toBeLessThan(1);
});
