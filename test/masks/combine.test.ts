import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cropRle, encodeMask, rleDifference, rleOverlap, rleUnion } from '../../src/masks/index.js';
import { drawn, type Mask, maskPairs, masks } from './naive.js';

const encode = ({ data, width, height }: Mask) => encodeMask(data, width, height);

test('union, overlap and difference agree with the pixels', () => {
  fc.assert(
    fc.property(maskPairs, ([a, b]) => {
      const pixels = (operation: (x: number, y: number) => number) =>
        encode({ ...a, data: a.data.map((value, i) => operation(value, b.data[i])) });
      expect(rleUnion(encode(a), encode(b))).toEqual(pixels((x, y) => x | y));
      expect(rleOverlap(encode(a), encode(b))).toEqual(pixels((x, y) => x & y));
      expect(rleDifference(encode(a), encode(b))).toEqual(pixels((x, y) => x & ~y & 1));
    }),
  );
});

test('masks of different sizes are not combined', () => {
  expect(() => rleUnion(encode(drawn('##')), encode(drawn('#', '#')))).toThrow(
    'rleUnion: masks must have one size',
  );
});

test('a crop has the size of its box', () => {
  const rle = encode(drawn('#...', '.##.', '.##.'));
  expect(cropRle(rle, { x: 1, y: 0, width: 2, height: 2 })).toEqual(encode(drawn('..', '##')));
});

test('a box that reaches beyond the mask places it in a larger one', () => {
  expect(cropRle(encode(drawn('##')), { x: -1, y: -2, width: 4, height: 4 })).toEqual(
    encode(drawn('....', '....', '.##.', '....')),
  );
  expect(cropRle(encode(drawn('##')), { x: 5, y: 5, width: 2, height: 1 })).toEqual(encode(drawn('..')));
});

test('crops agree with the pixels wherever the box lies', () => {
  const boxes = fc.record({
    x: fc.integer({ min: -5, max: 42 }),
    y: fc.integer({ min: -5, max: 14 }),
    width: fc.integer({ min: 1, max: 30 }),
    height: fc.integer({ min: 1, max: 14 }),
  });
  fc.assert(
    fc.property(masks, boxes, (mask, box) => {
      const data = Uint8Array.from({ length: box.width * box.height }, (_, i) => {
        const x = box.x + (i % box.width);
        const y = box.y + Math.floor(i / box.width);
        return x >= 0 && x < mask.width && y >= 0 && y < mask.height ? mask.data[y * mask.width + x] : 0;
      });
      expect(cropRle(encode(mask), box)).toEqual(encodeMask(data, box.width, box.height));
    }),
  );
});
