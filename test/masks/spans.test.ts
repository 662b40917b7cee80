import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMask, spanIntersection, spansOfMasks } from '../../src/masks/index.js';
import { drawn, type Mask, maskPairs } from './naive.js';

const encode = ({ data, width, height }: Mask) => encodeMask(data, width, height);

test('spans lie mask after mask, with area and rows', () => {
  const spans = spansOfMasks([
    encode(drawn('#..', '##.', '...')),
    encode(drawn('...', '...', '...')),
    encode(drawn('...', '#..', '#..')),
  ]);
  expect(spans).toEqual({
    bounds: Uint32Array.of(0, 2, 4, 5, 1, 3),
    offsets: Uint32Array.of(0, 4, 4, 6),
    areas: Uint32Array.of(3, 0, 2),
    tops: Uint32Array.of(0, 3, 1),
    bottoms: Uint32Array.of(2, 0, 3),
  });
  expect(spanIntersection(spans, 0, 2)).toBe(1);
  expect(spanIntersection(spans, 0, 1)).toBe(0);
});

test('the pixels that two masks share agree with looking at each, whatever masks lie beside them', () => {
  fc.assert(
    fc.property(maskPairs, ([a, b]) => {
      const spans = spansOfMasks([encode(a), encode(b), encode(a)]);
      const shared = a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
      expect(spanIntersection(spans, 0, 1)).toBe(shared);
      expect(spanIntersection(spans, 1, 2)).toBe(shared);
      expect(spanIntersection(spans, 0, 2)).toBe(spans.areas[0]);
    }),
  );
});
