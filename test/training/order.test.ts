import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { shuffledOrder } from '../../src/training/loader/order.js';

const SHARDS = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }).map((sizes) => {
  let next = 0;
  return sizes.map((size) => Array.from({ length: size }, () => next++));
});

test('law: shards are read whole, every crop is given once, and only after it was read', () => {
  fc.assert(
    fc.property(SHARDS, fc.integer({ min: 1, max: 40 }), fc.integer(), (shards, window, seed) => {
      const { reads, gives } = shuffledOrder(shards, window, createRandom(seed));
      const firsts = shards.map(([first]) => first).sort((a, b) => reads.indexOf(a) - reads.indexOf(b));
      expect([...reads]).toEqual(firsts.flatMap((first) => shards.find(([head]) => head === first)!));
      expect([...gives].sort((a, b) => a - b)).toEqual(shards.flat());
      gives.forEach((index, place) => {
        expect(reads.indexOf(index)).toBeLessThanOrEqual(place + window);
      });
    }),
  );
});

test('a window as large as the store gives every order alike often', () => {
  const random = createRandom(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = [...shuffledOrder([[0, 1], [2]], 3, random).gives].join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // 1000 are expected of each, give or take 29; five times that is never seen by chance.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
