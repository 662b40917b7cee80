import fc from 'fast-check';
import type { FloatPlane, LabelImage } from '../../src/imaging/index.js';

/** A float plane from rows of numbers. */
export function plane(rows: number[][]): FloatPlane {
  return { width: rows[0].length, height: rows.length, bitDepth: 32, data: Float32Array.from(rows.flat()) };
}

/** A label image from rows of text, one character a pixel: `.` is 0, digits and letters are labels (a = 10). */
export function labels(...rows: string[]): LabelImage {
  const data = Int32Array.from([...rows.join('')], (c) => (c === '.' ? 0 : Number.parseInt(c, 36)));
  return { width: rows[0].length, height: rows.length, data };
}

/** The rows of text that `labels` would read. */
export function picture(image: { width: number; data: ArrayLike<number> }): string[] {
  const text = Array.from(image.data, (v) => (v === 0 ? '.' : v.toString(36)));
  return Array.from({ length: text.length / image.width }, (_, y) =>
    text.slice(y * image.width, (y + 1) * image.width).join(''),
  );
}

/** A mask from rows of text: anything but `.` is set. */
export function mask(...rows: string[]): { data: Uint8Array; width: number; height: number } {
  return {
    data: Uint8Array.from([...rows.join('')], (c) => (c === '.' ? 0 : 1)),
    width: rows[0].length,
    height: rows.length,
  };
}

/** Random masks of 1x1 to 12x9 pixels. */
export const anyMask = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      data: fc
        .array(fc.constantFrom(0, 1), { minLength: width * height, maxLength: width * height })
        .map((bits) => Uint8Array.from(bits)),
    }),
  );
