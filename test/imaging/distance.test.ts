import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distanceTransform } from '../../src/imaging/index.js';
import { anyMask, mask } from './helpers.js';

test('a block: distances to the nearest background pixel, the border is none', () => {
  const { data, width, height } = mask('.###', '####', '####');
  const squared = [...distanceTransform(data, width, height)].map((d) => Math.round(d * d));
  expect(squared).toEqual([0, 1, 4, 9, 1, 2, 5, 10, 4, 5, 8, 13]);
});

test('without background it is infinite', () => {
  expect([...distanceTransform(Uint8Array.of(1, 1), 2, 1)]).toEqual([Infinity, Infinity]);
});

test('agrees with brute force', () => {
  fc.assert(
    fc.property(anyMask, ({ data, width, height }) => {
      const brute = Array.from(data, (_, i) => {
        let best = Number.POSITIVE_INFINITY;
        data.forEach((v, j) => {
          if (v !== 0) return;
          const dx = (i % width) - (j % width);
          const dy = Math.floor(i / width) - Math.floor(j / width);
          best = Math.min(best, Math.fround(Math.sqrt(dx * dx + dy * dy)));
        });
        return best;
      });
      expect([...distanceTransform(data, width, height)]).toEqual(brute);
    }),
    { numRuns: 300 },
  );
});
