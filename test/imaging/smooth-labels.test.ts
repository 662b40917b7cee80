import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureRegions, smoothLabels } from '../../src/imaging/index.js';
import { labels, picture } from './helpers.js';

test('straight outlines and shared borders keep their place when enlarged', () => {
  const image = labels('1122', '1122', '....');
  expect(picture(smoothLabels(image, 8, 6, 0))).toEqual([
    '11112222',
    '11112222',
    '11112222',
    '11112222',
    '........',
    '........',
  ]);
});

test('corners are rounded, and areas mostly kept', () => {
  const square = labels('......', '.1111.', '.1111.', '.1111.', '.1111.', '......');
  const out = smoothLabels(square, 24, 24, 0.7);
  expect(out.data[4 * 24 + 4]).toBe(0);
  expect(out.data[4 * 24 + 12]).toBe(1);
  expect(measureRegions(out)[0].areaPx).toBeGreaterThan(0.85 * 256);
  expect(measureRegions(out)[0].areaPx).toBeLessThanOrEqual(256);
});

test('where three labels meet no gap opens', () => {
  const out = smoothLabels(labels('112', '132', '333'), 12, 12, 0.8);
  expect(out.data.includes(0)).toBe(false);
});

test('what is thinner than the blur vanishes', () => {
  expect(
    measureRegions(smoothLabels(labels('.....', '.....', '11111', '.....', '.....'), 5, 5, 1.5)),
  ).toEqual([]);
});

test('labels only appear where their blur reaches, sizes may shrink or grow', () => {
  const size = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(size, size, fc.constantFrom(0, 0.7, 2), (width, height, sigmaPx) => {
      const image = labels('11..', '1122', '.222', '3..2');
      const out = smoothLabels(image, width, height, sigmaPx);
      expect(out.data.length).toBe(width * height);
      for (const { label } of measureRegions(out)) expect([1, 2, 3]).toContain(label);
      const whole = smoothLabels(
        { width: 4, height: 4, data: new Int32Array(16).fill(9) },
        width,
        height,
        sigmaPx,
      );
      expect(whole.data.every((label) => label === 9)).toBe(true);
    }),
  );
});
