import { expect, test } from 'vitest';
import { type FieldOfView, stackRgb } from '../../src/imaging/index.js';

test('microtubules, protein and nuclei as red, green and blue at 8 bits, as they are', () => {
  const field: FieldOfView = {
    id: 'f',
    width: 2,
    height: 1,
    pixelSizeUm: 0.1,
    channels: {
      microtubules: { width: 2, height: 1, bitDepth: 8, data: Uint8Array.of(7, 255) },
      protein: { width: 2, height: 1, bitDepth: 16, data: Uint16Array.of(65535, 128) },
      nuclei: { width: 2, height: 1, bitDepth: 32, data: Float32Array.of(0.5, 1.5) },
      er: null,
    },
  };
  // 128 of 65535 is 0.498 of 255, so 0.
  expect(stackRgb(field)).toEqual({ width: 2, height: 1, data: Uint8Array.of(7, 255, 128, 255, 0, 255) });
});
