import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxesOverlap, encodeMask, rleArea, rleBox, rleIntersection, rleIou } from '../../src/masks/index.js';
import { drawn, type Mask, maskPairs, masks } from './naive.js';

const encode = ({ data, width, height }: Mask) => encodeMask(data, width, height);
const count = (values: ArrayLike<number>) => Array.from(values).filter((value) => value === 1).length;

test('area and box of a drawn mask', () => {
  const rle = encode(drawn('......', '..#...', '..##..', '......'));
  expect(rleArea(rle)).toBe(3);
  expect(rleBox(rle)).toEqual({ x: 2, y: 1, width: 2, height: 2 });
});

test('a run that only touches two columns spans the height', () => {
  expect(rleBox(encode(drawn('.#', '..', '#.')))).toEqual({ x: 0, y: 0, width: 2, height: 3 });
});

test('an empty mask has area 0, box 0 and IoU 0, even with itself', () => {
  const rle = encode(drawn('..', '..'));
  expect(rleArea(rle)).toBe(0);
  expect(rleBox(rle)).toEqual({ x: 0, y: 0, width: 0, height: 0 });
  expect(rleIou(rle, rle)).toBe(0);
});

test('IoU of overlapping squares', () => {
  expect(rleIou(encode(drawn('##.', '##.')), encode(drawn('.##', '.##')))).toBeCloseTo(2 / 6, 15);
});

test('masks of different sizes are not compared', () => {
  expect(() => rleIou(encode(drawn('##')), encode(drawn('#', '#')))).toThrow('got 2x1 and 1x2');
});

test('area and box agree with looking at every pixel', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const rle = encode(mask);
      const set = [...mask.data.keys()].filter((i) => mask.data[i] === 1);
      expect(rleArea(rle)).toBe(set.length);
      if (set.length === 0) return;
      const xs = set.map((i) => i % mask.width);
      const ys = set.map((i) => Math.floor(i / mask.width));
      expect(rleBox(rle)).toEqual({
        x: Math.min(...xs),
        y: Math.min(...ys),
        width: Math.max(...xs) - Math.min(...xs) + 1,
        height: Math.max(...ys) - Math.min(...ys) + 1,
      });
    }),
  );
});

test('intersection and IoU agree with looking at every pixel, and are symmetric', () => {
  fc.assert(
    fc.property(maskPairs, ([a, b]) => {
      const common = count(a.data.map((value, i) => value & b.data[i]));
      const either = count(a.data.map((value, i) => value | b.data[i]));
      expect(rleIntersection(encode(a), encode(b))).toBe(common);
      expect(rleIou(encode(a), encode(b))).toBe(either === 0 ? 0 : common / either);
      expect(rleIou(encode(b), encode(a))).toBe(rleIou(encode(a), encode(b)));
    }),
  );
});

test('boxes overlap where they share a pixel, not where they touch', () => {
  const box = { x: 2, y: 2, width: 3, height: 3 };
  expect(boxesOverlap(box, { x: 4, y: 4, width: 9, height: 1 })).toBe(true);
  expect(boxesOverlap(box, { x: 5, y: 2, width: 1, height: 3 })).toBe(false);
  expect(boxesOverlap(box, { x: 2, y: 0, width: 3, height: 2 })).toBe(false);
  expect(boxesOverlap(box, { x: 0, y: 0, width: 0, height: 0 })).toBe(false);
});
