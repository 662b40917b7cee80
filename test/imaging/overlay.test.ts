import { expect, test } from 'vitest';
import { type FieldOfView, type Plane, renderOverlay } from '../../src/imaging/index.js';
import { labels } from './helpers.js';

const SIZE = 24;

/** A plane whose right half is bright. */
function halfPlane(value: number): Plane {
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (i % SIZE < SIZE / 2 ? 0 : value));
  return { width: SIZE, height: SIZE, bitDepth: 8, data };
}

function field(channels: Partial<Record<'microtubules' | 'protein' | 'nuclei' | 'er', number>>): FieldOfView {
  return {
    id: 'f',
    width: SIZE,
    height: SIZE,
    pixelSizeUm: 0.32,
    channels: {
      microtubules: halfPlane(channels.microtubules ?? 0),
      protein: halfPlane(channels.protein ?? 0),
      nuclei: halfPlane(channels.nuclei ?? 0),
      er: channels.er === undefined ? null : halfPlane(channels.er),
    },
  };
}

const block = (from: number, to: number, label: number) => ({
  width: SIZE,
  height: SIZE,
  data: Int32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const x = i % SIZE;
    const y = Math.floor(i / SIZE);
    return x >= from && x < to && y >= from && y < to ? label : 0;
  }),
});
const empty = block(0, 0, 0);
const pixel = (image: { data: Uint8Array }, x: number, y: number) => [
  ...image.data.subarray((y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3),
];

test('channels are stretched to full colour and added', () => {
  const image = renderOverlay(field({ microtubules: 9, nuclei: 200 }), { cells: empty, nuclei: empty });
  expect(pixel(image, 3, 3)).toEqual([0, 0, 0]);
  expect(pixel(image, 20, 3)).toEqual([255, 0, 255]);
});

test('a flat channel stays black; a missing ER is no error', () => {
  const image = renderOverlay(field({}), { cells: empty, nuclei: empty });
  expect(image.data.every((v) => v === 0)).toBe(true);
});

test('outlines lie inside their regions: cells white, nuclei cyan; the number stands in the nucleus', () => {
  const image = renderOverlay(field({}), { cells: block(1, 23, 7), nuclei: block(4, 20, 7) });
  expect(pixel(image, 0, 0)).toEqual([0, 0, 0]);
  expect(pixel(image, 1, 1)).toEqual([255, 255, 255]);
  expect(pixel(image, 22, 12)).toEqual([255, 255, 255]);
  expect(pixel(image, 4, 10)).toEqual([0, 255, 255]);
  expect(pixel(image, 3, 10)).toEqual([0, 0, 0]);
  const yellow = Array.from({ length: SIZE }, (_, y) =>
    Array.from({ length: SIZE }, (_, x) => (pixel(image, x, y).join() === '255,255,0' ? '#' : '.')).join(''),
  ).filter((row) => row.includes('#'));
  expect(yellow.map((row) => row.slice(9, 15))).toEqual([
    '######',
    '######',
    '....##',
    '....##',
    '..##..',
    '..##..',
    '..##..',
    '..##..',
    '..##..',
    '..##..',
  ]);
});

test('a number at the border is cut, not wrapped', () => {
  const corner = { width: SIZE, height: SIZE, data: new Int32Array(SIZE * SIZE) };
  corner.data[0] = 888;
  const image = renderOverlay(field({}), { cells: corner, nuclei: empty });
  expect(pixel(image, SIZE - 1, 0)).toEqual([0, 0, 0]);
});

test('label images of another size are refused', () => {
  expect(() => renderOverlay(field({}), { cells: labels('1'), nuclei: empty })).toThrow(/1x1.*24x24/);
});
