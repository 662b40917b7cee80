import { expect, test } from 'vitest';
import { type FloatPlane, measureRegions } from '../../src/imaging/index.js';
import { findNuclearGaps } from '../../src/segment/nuclear-gaps.js';

const SIZE = 200;
const PIXEL_UM = 0.32;

/** A cell of 80 pixels' radius in the middle, fainter inside the given disks. */
function cell(gaps: { x: number; y: number; radius: number }[]): FloatPlane {
  const near = (i: number, x: number, y: number) => Math.hypot((i % SIZE) - x, Math.floor(i / SIZE) - y);
  const data = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    if (near(i, 100, 100) > 80) return 0;
    return gaps.some(({ x, y, radius }) => near(i, x, y) <= radius) ? 0.6 : 1;
  });
  return { width: SIZE, height: SIZE, bitDepth: 32, data };
}

function areas(plane: FloatPlane): number[] {
  return measureRegions(findNuclearGaps(plane, PIXEL_UM)).map(({ areaPx }) => areaPx);
}

test('a gap of a nucleus is found where it is, and about as large', () => {
  const found = findNuclearGaps(cell([{ x: 100, y: 100, radius: 22 }]), PIXEL_UM);
  const [gap, ...others] = measureRegions(found);
  expect(others).toEqual([]);
  expect(found.data[100 * SIZE + 100]).toBe(1);
  expect(gap.areaPx / (Math.PI * 22 ** 2)).toBeCloseTo(1, 0);
});

test('two nuclei leave two gaps; small gaps and dim rims leave none', () => {
  expect(
    areas(
      cell([
        { x: 70, y: 100, radius: 20 },
        { x: 130, y: 100, radius: 20 },
      ]),
    ).length,
  ).toBe(2);
  expect(areas(cell([{ x: 100, y: 100, radius: 8 }]))).toEqual([]);
  expect(areas(cell([{ x: 182, y: 100, radius: 26 }]))).toEqual([]);
  expect(areas(cell([]))).toEqual([]);
});
