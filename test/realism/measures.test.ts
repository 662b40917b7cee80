import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import type { Plane } from '../../src/imaging/index.js';
import {
  brightnessHistogram,
  channelCorrelation,
  GRAIN_PX,
  granularity,
  measureDistance,
  measureIntensity,
  measureShapes,
  RING_EDGES,
  radialSpectrum,
} from '../../src/realism/index.js';

function plane(width: number, height: number, value: (x: number, y: number) => number): Plane {
  const data = Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
  return { width, height, bitDepth: 8, data };
}

test('a 2 x 1 cell and an L of three pixels: area, elongation, solidity, neighbours, border', () => {
  const rows = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 2, 0, 0],
    [0, 0, 0, 0, 2, 2, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [3, 0, 0, 0, 0, 0, 0],
  ];
  const labels = { width: 7, height: 6, data: Int32Array.from(rows.flat()) };
  const { cells, coverage } = measureShapes(labels, 0.5);
  expect(coverage).toBeCloseTo(6 / 42, 10);
  const [bar, corner, alone] = cells;
  expect(bar).toMatchObject({ areaUm2: 0.5, neighbours: 1, touchesBorder: false, solidity: 1 });
  // Two squares side by side: variances 1/4 + 1/12 and 1/12.
  expect(bar.elongation).toBeCloseTo(2, 10);
  // Three squares in a hull of three and a half.
  expect(corner).toMatchObject({ areaUm2: 0.75, neighbours: 1 });
  expect(corner.solidity).toBeCloseTo(3 / 3.5, 10);
  expect(alone).toMatchObject({ neighbours: 0, touchesBorder: true });
});

test('stripes of four pixels have their power at a quarter of a cycle a pixel', () => {
  const spectrum = radialSpectrum(plane(64, 64, (x) => (x % 4 < 2 ? 0 : 200))) as number[];
  const ring = RING_EDGES.findIndex((edge, i) => edge <= 0.25 && RING_EDGES[i + 1] > 0.25);
  expect(spectrum.indexOf(Math.max(...spectrum))).toBe(ring);
  expect(radialSpectrum(plane(64, 64, () => 7))).toBe(null);
});

test('white noise has the same power everywhere', () => {
  const random = createRandom(3);
  const spectrum = radialSpectrum(plane(128, 128, () => random.integer(256))) as number[];
  for (const power of spectrum.slice(2)) expect(Math.abs(power)).toBeLessThan(0.1);
});

test('dots of 3 px fit into 3 px but not into 5, a square of 9 px not into 13', () => {
  const dots = plane(33, 33, (x, y) => (x % 10 > 6 && y % 10 > 6 ? 100 : 0));
  expect(granularity(dots)).toEqual([0, 1, 0, 0, 0, 0]);
  const square = plane(40, 40, (x, y) => (x >= 10 && x < 19 && y >= 10 && y < 19 ? 100 : 0));
  expect(granularity(square)).toEqual(GRAIN_PX.map((radius) => (radius === 6 ? 1 : 0)));
  expect(granularity(plane(5, 5, () => 0))).toBe(null);
});

test('brightness: percentiles, black and saturated shares, histogram', () => {
  const half = plane(10, 10, (x) => (x < 5 ? 0 : 255));
  const { percentiles, dark, saturated } = measureIntensity(half);
  expect([percentiles.at(-1), dark, saturated]).toEqual([1, 0.5, 0.5]);
  expect(brightnessHistogram(half, 4).map((share) => share.toFixed(2))).toEqual([
    '0.50',
    '0.00',
    '0.00',
    '0.50',
  ]);
});

test('channels that are each other’s opposite correlate by -1; without ER there is no correlation with it', () => {
  const rising = plane(4, 4, (x) => 50 * x);
  const falling = plane(4, 4, (x) => 150 - 50 * x);
  const channels = { microtubules: rising, protein: falling, nuclei: rising, er: null };
  expect(channelCorrelation({ channels }, ['protein', 'microtubules'])).toBeCloseTo(-1, 10);
  expect(channelCorrelation({ channels }, ['protein', 'er'])).toBe(null);
});

test('distance: a sample moved by one standard deviation has moved 1; equal samples 0', () => {
  const real = [-1, 1];
  expect(measureDistance({ name: '', real, synthetic: real })).toMatchObject({
    moved: 0,
    gap: 0,
    realMedian: 0,
  });
  expect(measureDistance({ name: '', real, synthetic: [0, 2] })).toMatchObject({ moved: 1, gap: 0.5 });
  expect(measureDistance({ name: '', real, synthetic: [9, 9] }).gap).toBe(1);
});
