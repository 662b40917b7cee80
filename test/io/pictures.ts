import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll } from 'vitest';

/** A folder for one test file's pictures, removed at the end. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cytolocus-io-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

type Pixels = Uint8Array | Uint16Array;
type Kind = { width: number; height: number; channels: 1 | 2 | 3 | 4 };

/** Encodes pixels without any colour conversion. */
export function encode(pixels: Pixels, kind: Kind, format: 'png' | 'jpeg' | 'tiff' = 'png'): Promise<Buffer> {
  const grey = kind.channels < 3;
  const wide = pixels instanceof Uint16Array;
  const colourspace = wide ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  const picture = sharp(pixels, { raw: kind }).toColourspace(colourspace);
  // A quality would turn PNG into a palette; lossless TIFF must be asked for.
  return picture.toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {}).toBuffer();
}

/** Writes a small grey picture: value (x + 10 y) mod 251. */
export async function writeGrey(path: string, width = 6, height = 4): Promise<void> {
  const pixels = Uint8Array.from(
    { length: width * height },
    (_, i) => ((i % width) + 10 * Math.floor(i / width)) % 251,
  );
  await writeFile(path, await encode(pixels, { width, height, channels: 1 }));
}

/** A TIFF of one row of 32-bit floats: a kind of file that readers must refuse. */
export function floatTiff(values: number[]): Buffer {
  const entries: [tag: number, type: number, value: number][] = [
    [256, 4, values.length],
    [257, 4, 1],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, 1],
    [279, 4, values.length * 4],
    [339, 3, 3],
  ];
  const directory = 8 + values.length * 4;
  const out = Buffer.alloc(directory + 2 + entries.length * 12 + 4);
  out.write('II');
  out.writeUInt16LE(42, 2);
  out.writeUInt32LE(directory, 4);
  values.forEach((value, i) => {
    out.writeFloatLE(value, 8 + 4 * i);
  });
  out.writeUInt16LE(entries.length, directory);
  entries.forEach(([tag, type, value], i) => {
    const at = directory + 2 + 12 * i;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(type, at + 2);
    out.writeUInt32LE(1, at + 4);
    out.writeUInt32LE(value, at + 8);
  });
  return out;
}

/** The beginning of a grey 8-bit PNG of any size, and an empty picture after it. */
export function pngHeader(width: number, height: number): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size[8] = 8;
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync('')),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
