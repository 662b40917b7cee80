import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import {
  readChannelPlane,
  readLabelPng,
  writeLabelPng,
  writePlanePng,
  writeRgbPng,
} from '../../src/io/index.js';
import { encode, temporaryFolder } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

test('labels come back exactly, whatever they are', async () => {
  const path = join(root, 'labels.png');
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 9, maxLength: 60 }),
      async (width, values) => {
        const height = Math.floor(values.length / width);
        const labels = { width, height, data: Int32Array.from(values.slice(0, width * height)) };
        await writeLabelPng(path, labels);
        expect(await readLabelPng(path)).toEqual(labels);
      },
    ),
    { numRuns: 30 },
  );
  expect(await sharp(path).metadata()).toMatchObject({ space: 'grey16', depth: 'ushort', channels: 1 });
});

test('8 bit labels are read as they are', async () => {
  const path = join(root, 'labels8.png');
  await writeFile(path, await encode(Uint8Array.from([0, 1, 2, 255]), { width: 4, height: 1, channels: 1 }));
  expect([...(await readLabelPng(path)).data]).toEqual([0, 1, 2, 255]);
});

test('a label that 16 bits cannot hold is an error, not another label', async () => {
  const path = join(root, 'large.png');
  await expect(
    writeLabelPng(path, { width: 2, height: 1, data: Int32Array.of(1, 65536) }),
  ).rejects.toMatchObject({
    code: 'label-range',
    message: expect.stringContaining('label 65536 does not fit'),
  });
  await expect(writeLabelPng(path, { width: 1, height: 1, data: Int32Array.of(-1) })).rejects.toThrow(
    'label -1',
  );
});

test('what may not hold the stored labels is refused', async () => {
  const grey = Uint8Array.from({ length: 64 }, (_, i) => i);
  const raw = { width: 8, height: 8, channels: 1 } as const;
  const files: [string, Promise<Buffer>, RegExp][] = [
    ['palette.png', sharp(grey, { raw }).png({ palette: true }).toBuffer(), /palette or 1 to 4 bit|colour/],
    ['labels.jpg', encode(grey, raw, 'jpeg'), /is a JPEG/],
    ['colour.png', encode(new Uint8Array(192), { width: 8, height: 8, channels: 3 }), /is a colour picture/],
    ['bits.tif', sharp(grey, { raw }).toColourspace('b-w').tiff({ bitdepth: 1 }).toBuffer(), /1 to 4 bit/],
  ];
  for (const [name, bytes, message] of files) {
    const path = join(root, name);
    await writeFile(path, await bytes);
    await expect(readLabelPng(path), name).rejects.toMatchObject({
      code: 'label-image',
      message: expect.stringMatching(message),
    });
  }
});

test('planes keep their depth; floats are spread over 16 bits', async () => {
  const path = join(root, 'plane.png');
  const size = { width: 3, height: 1 };
  for (const plane of [
    { ...size, bitDepth: 8 as const, data: Uint8Array.of(0, 7, 255) },
    { ...size, bitDepth: 16 as const, data: Uint16Array.of(0, 300, 65535) },
  ]) {
    await writePlanePng(path, plane);
    expect(await readChannelPlane(path, 'protein')).toEqual(plane);
  }
  await writePlanePng(path, { ...size, bitDepth: 32, data: Float32Array.of(-1, 0.5, 2) });
  expect([...(await readChannelPlane(path, 'protein')).data]).toEqual([0, 32768, 65535]);
});

test('colour pictures keep their pixels', async () => {
  const path = join(root, 'colour.png');
  const data = Uint8Array.of(255, 0, 1, 2, 254, 3);
  await writeRgbPng(path, { width: 2, height: 1, data });
  expect([...(await sharp(path).raw().toBuffer())]).toEqual([...data]);
});
