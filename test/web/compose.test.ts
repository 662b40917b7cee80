import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { FieldOfView, Plane } from '../../src/imaging/index.js';
import { composeField, DEFAULT_DISPLAY, type Display, measureRanges } from '../../src/web/page/compose.js';

/** The browser's class, as far as it is used. */
class Image {
  readonly data: Uint8ClampedArray;
  constructor(width: number, height: number) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
}
beforeAll(() => vi.stubGlobal('ImageData', Image));
afterAll(() => vi.unstubAllGlobals());

const plane = (...values: number[]): Plane => ({
  ...{ width: values.length, height: 1, bitDepth: 8 },
  data: Uint8Array.from(values),
});
const FIELD: FieldOfView = {
  ...{ id: 'f', width: 3, height: 1, pixelSizeUm: 0.1 },
  channels: {
    microtubules: plane(0, 100, 200),
    protein: plane(0, 100, 200),
    nuclei: plane(0, 100, 200),
    er: null,
  },
};
const RANGE = [0, 200] as const;
const RANGES = { microtubules: RANGE, protein: RANGE, nuclei: RANGE, er: RANGE };
const only = (channel: keyof Display, gamma: number, brightness = 1): Display => {
  const hidden = { shown: false, brightness: 1, gamma: 1 };
  const display = { microtubules: hidden, protein: hidden, nuclei: hidden, er: hidden };
  return { ...display, [channel]: { shown: true, brightness, gamma } };
};
const pixels = (display: Display) => [...composeField(FIELD, RANGES, display).data];

test('a channel is shown in its colour, from its lowest value to its highest', () => {
  expect(pixels(only('protein', 1))).toEqual([0, 0, 0, 255, 0, 128, 0, 255, 0, 255, 0, 255]);
});

test('brightness multiplies and stops at full colour; gamma below 1 lifts what is dim', () => {
  expect(pixels(only('protein', 1, 2))[5]).toBe(255);
  expect(pixels(only('protein', 0.5))[5]).toBe(Math.round(255 * Math.SQRT1_2));
});

test('channels add up; one that is missing adds nothing', () => {
  const [red, green] = pixels({ ...DEFAULT_DISPLAY, er: { shown: true, brightness: 1, gamma: 1 } }).slice(8);
  expect([red, green]).toEqual([255, 255]);
});

test('a channel that is the same all over has a range above 0', () => {
  const even = { ...FIELD, channels: { ...FIELD.channels, nuclei: plane(7, 7, 7) } };
  expect(measureRanges(even).nuclei).toEqual([7, 8]);
});
