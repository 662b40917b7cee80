import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeRgbJpeg } from '../../src/io/index.js';

test('a JPEG keeps size and colours, each channel at its own resolution', async () => {
  // Left half red, right half green: with shared colour samples the two would run into each other.
  const size = 16;
  const data = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
    const left = Math.floor(i / 3) % size < size / 2;
    return i % 3 === (left ? 0 : 1) ? 200 : 0;
  });
  const file = await encodeRgbJpeg({ width: size, height: size, data });
  const { data: read, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  expect([info.format, info.width, info.height, info.channels]).toEqual(['raw', size, size, 3]);
  for (let i = 0; i < data.length; i++) expect(Math.abs(read[i] - data[i])).toBeLessThan(25);
  expect([...file.subarray(0, 2)]).toEqual([0xff, 0xd8]);
});
