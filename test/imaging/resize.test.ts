import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resizeArea, resizeLabels } from '../../src/imaging/index.js';
import { labels, picture, plane } from './helpers.js';

test('halving takes the mean of four', () => {
  const out = resizeArea(
    plane([
      [1, 3, 0, 0],
      [5, 7, 0, 8],
    ]),
    2,
    1,
  );
  expect([...out.data]).toEqual([4, 2]);
});

test('pixels that lie in two outputs count by their share', () => {
  const out = resizeArea(plane([[3, 6, 9]]), 2, 1);
  expect(out.data[0]).toBeCloseTo((3 + 6 / 2) / 1.5, 6);
  expect(out.data[1]).toBeCloseTo((6 / 2 + 9) / 1.5, 6);
});

test('enlarging interpolates between pixel centres and keeps the ends', () => {
  expect([...resizeArea(plane([[0, 4]]), 4, 1).data]).toEqual([0, 1, 3, 4]);
  expect([...resizeArea(plane([[0], [4]]), 1, 4).data]).toEqual([0, 1, 3, 4]);
});

test('integer planes come out as shares of full scale', () => {
  const out = resizeArea({ width: 2, height: 1, bitDepth: 16, data: Uint16Array.of(65535, 0) }, 1, 1);
  expect(out.data[0]).toBeCloseTo(0.5, 6);
});

test('shrinking keeps the mean, any resizing keeps a constant', () => {
  const size = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(size, size, size, size, (width, height, toWidth, toHeight) => {
      const data = Float32Array.from({ length: width * height }, (_, i) => (i * 7) % 5);
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
      if (toWidth <= width && toHeight <= height) {
        const out = resizeArea({ width, height, bitDepth: 32, data }, toWidth, toHeight);
        expect(mean(out.data)).toBeCloseTo(mean(data), 4);
      }
      const flat = resizeArea({ width, height, bitDepth: 32, data: data.fill(2) }, toWidth, toHeight);
      for (const value of flat.data) expect(value).toBeCloseTo(2, 5);
    }),
  );
});

test('labels take the nearest pixel, both ways', () => {
  const image = labels('1.2', '334');
  expect(picture(resizeLabels(image, 6, 4))).toEqual(['11..22', '11..22', '333344', '333344']);
  expect(resizeLabels(resizeLabels(image, 6, 4), 3, 2)).toEqual(image);
});

test('sizes below 1 are refused', () => {
  expect(() => resizeArea(plane([[1]]), 0, 1)).toThrow(/0x1/);
  expect(() => resizeLabels(labels('1'), 1, 1.5)).toThrow(/1x1.5/);
});
