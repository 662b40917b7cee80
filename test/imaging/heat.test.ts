import { expect, test } from 'vitest';
import { heatAt, heatColour, renderHeat } from '../../src/imaging/index.js';

const map = { left: 2, top: 4, width: 4, height: 2, columns: 2, rows: 1, data: Float32Array.of(0, 1) };

test('a map is read between the centres of its pixels, and goes no further beyond them', () => {
  expect([3, 4, 5].map((x) => heatAt(map, x, 5))).toEqual([0, 0.5, 1]);
  expect([-10, 100].map((x) => heatAt(map, x, 4))).toEqual([0, 1]);
  expect(heatAt(map, 4, 100)).toBe(0.5);
});

test('no heat is grey, full heat hides three quarters of it', () => {
  expect(heatColour(100, 0)).toEqual([100, 100, 100]);
  expect(heatColour(100, 1)).toEqual([216, 85, 25]);
});

test('only labels with a map are heated', () => {
  const plane = { width: 2, height: 1, bitDepth: 8 as const, data: Uint8Array.of(0, 200) };
  const labels = { width: 2, height: 1, data: Int32Array.of(1, 2) };
  const hot = { left: 0, top: 0, width: 2, height: 1, columns: 1, rows: 1, data: Float32Array.of(1) };
  const picture = renderHeat(plane, labels, new Map([[1, hot]]));
  expect([...picture.data.subarray(0, 3)]).toEqual(heatColour(0, 1));
  const [red, green, blue] = picture.data.subarray(3);
  expect([red, green, blue]).toEqual([255, 255, 255]);
});
