import { expect, test } from 'vitest';
import { measureRegions, medianDiameterPx } from '../../src/imaging/index.js';
import { labels } from './helpers.js';

test('boxes, areas and edges, ascending by label', () => {
  const image = labels(
    '.....3', //
    '.22..3',
    '..2...',
    '2.....',
    '......',
  );
  expect(measureRegions(image)).toEqual([
    { label: 2, box: { x: 0, y: 1, width: 3, height: 3 }, areaPx: 4, touchesEdge: true },
    { label: 3, box: { x: 5, y: 0, width: 1, height: 2 }, areaPx: 2, touchesEdge: true },
  ]);
});

test('a region one pixel from every edge does not touch it', () => {
  expect(measureRegions(labels('...', '.7.', '...'))[0].touchesEdge).toBe(false);
});

test('background alone has no regions', () => {
  expect(measureRegions(labels('..'))).toEqual([]);
});

test('labels may be large and far apart', () => {
  const image = { width: 3, height: 1, data: Int32Array.of(2_000_000_000, 0, 1) };
  expect(measureRegions(image).map(({ label }) => label)).toEqual([1, 2_000_000_000]);
});

test('the median diameter is that of a disk of the median area, of two the larger', () => {
  const image = labels('1.22.3333.4444');
  expect(medianDiameterPx(image)).toBeCloseTo(2 * Math.sqrt(4 / Math.PI));
  expect(medianDiameterPx(labels('11.2'))).toBeCloseTo(2 * Math.sqrt(2 / Math.PI));
  expect(medianDiameterPx(labels('...'))).toBeNull();
});
