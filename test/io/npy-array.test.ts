import { expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '../../src/io/index.js';

test('an array comes back, and its data begin at a multiple of 64 bytes as NumPy wants it', () => {
  const array = { shape: [1, 2, 3], data: Float32Array.of(1, -2, 0.5, 4, 5, 6e10) };
  const bytes = encodeNpy(array);
  expect(bytes.length % 64).toBe(24);
  expect(new TextDecoder('latin1').decode(bytes.subarray(1, 6))).toBe('NUMPY');
  expect(decodeNpy(bytes, 'a.npy')).toEqual(array);
});

test('what is no array of floats, or is cut short, is one clear error', () => {
  const bytes = encodeNpy({ shape: [4], data: new Float32Array(4) });
  const integers = new TextEncoder().encode(new TextDecoder('latin1').decode(bytes).replace('<f4', '<i4'));
  for (const wrong of [Uint8Array.of(1, 2), integers, bytes.subarray(0, bytes.length - 4)]) {
    expect(() => decodeNpy(wrong, 'a.npy')).toThrow(expect.objectContaining({ code: 'npy-unreadable' }));
  }
});
