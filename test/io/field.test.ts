import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/common/index.js';
import { findFields, readChannelPlane, readField, readPixelSizes } from '../../src/io/index.js';
import { encode, floatTiff, pngHeader, temporaryFolder, writeGrey } from './pictures.js';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

/** A folder with red, green and blue of field `a`, 6x4, to be spoilt by a test. */
async function goodField(name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const colour of ['red', 'green', 'blue']) await writeGrey(join(folder, `a_${colour}.png`));
  return folder;
}

async function readOnly(folder: string) {
  const { sources, problems } = await findFields([folder]);
  expect(problems).toEqual([]);
  return readField(sources[0]);
}

/** `code | message` of what the promise rejects with, the test's folder left out. */
async function problem(result: Promise<unknown>): Promise<string> {
  try {
    await result;
  } catch (error) {
    if (error instanceof InputError) return `${error.code} | ${error.message.replaceAll(`${root}/`, '')}`;
    throw error;
  }
  return 'no problem';
}

test('a field of grey files, not square, without ER', async () => {
  const field = await readOnly(await goodField('plain'));
  expect(field).toMatchObject({ id: 'a', width: 6, height: 4, pixelSizeSource: 'assumed' });
  expect(field.channels.er).toBeNull();
  expect(field.channels.protein).toMatchObject({ width: 6, height: 4, bitDepth: 8 });
  expect([...field.channels.protein.data.slice(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 10, 11]);
});

test('a composite gives three channels', async () => {
  const folder = join(root, 'composite');
  await mkdir(folder);
  const pixels = Uint8Array.from([10, 20, 30, 11, 21, 31]);
  await writeFile(
    join(folder, 'c_blue_red_green.png'),
    await encode(pixels, { width: 2, height: 1, channels: 3 }),
  );
  const { channels } = await readOnly(folder);
  expect([...channels.microtubules.data]).toEqual([10, 11]);
  expect([...channels.protein.data]).toEqual([20, 21]);
  expect([...channels.nuclei.data]).toEqual([30, 31]);
  expect(channels.er).toBeNull();
});

describe('one channel in a file', () => {
  const values = Uint16Array.from([0, 1, 255, 256, 40000, 65535]);
  const size = { width: 3, height: 2 };

  async function write(name: string, bytes: Promise<Buffer>): Promise<string> {
    const path = join(root, name);
    await writeFile(path, await bytes);
    return path;
  }

  test.each(['png', 'tiff'] as const)('16 bit grey %s keeps its values', async (format) => {
    const path = await write(`grey16.${format}`, encode(values, { ...size, channels: 1 }, format));
    expect(await readChannelPlane(path, 'protein')).toEqual({ ...size, bitDepth: 16, data: values });
  });

  test('16 bit colour with equal planes is grey', async () => {
    const triple = Uint16Array.from([...values].flatMap((value) => [value, value, value]));
    const path = await write('rgb16.png', encode(triple, { ...size, channels: 3 }));
    expect(await readChannelPlane(path, 'nuclei')).toEqual({ ...size, bitDepth: 16, data: values });
  });

  test('16 bit colour filled in its own plane only gives that plane', async () => {
    const green = Uint16Array.from([...values].flatMap((value) => [0, value, 0]));
    const path = await write('green16.png', encode(green, { ...size, channels: 3 }));
    expect((await readChannelPlane(path, 'protein')).data).toEqual(values);
  });

  test('yellow fills red and green: the stronger counts', async () => {
    const yellow = Uint8Array.from([200, 199, 0, 98, 100, 9]);
    const path = await write('yellow.png', encode(yellow, { width: 2, height: 1, channels: 3 }));
    expect([...(await readChannelPlane(path, 'er')).data]).toEqual([200, 100]);
  });

  test('a palette of greys is grey', async () => {
    const pixels = Uint8Array.from([0, 7, 7, 200, 255, 0]);
    const path = await write(
      'palette.png',
      sharp(pixels, { raw: { ...size, channels: 1 } })
        .png({ palette: true })
        .toBuffer(),
    );
    expect((await sharp(path).metadata()).isPalette).toBe(true);
    expect((await readChannelPlane(path, 'protein')).data).toEqual(pixels);
  });

  test('opaque transparency is dropped, real transparency refused', async () => {
    const opaque = await write(
      'opaque.png',
      encode(Uint8Array.from([5, 255, 9, 255]), { width: 2, height: 1, channels: 2 }),
    );
    expect([...(await readChannelPlane(opaque, 'protein')).data]).toEqual([5, 9]);
    const clear = await write(
      'clear.png',
      encode(Uint8Array.from([5, 255, 9, 0]), { width: 2, height: 1, channels: 2 }),
    );
    expect(await problem(readChannelPlane(clear, 'protein'))).toMatch(
      /^image-transparent \| clear.png: has transparent pixels/,
    );
  });

  test('a red picture is no green channel', async () => {
    const red = Uint8Array.from([200, 0, 0, 90, 0, 0]);
    const path = await write('red.png', encode(red, { width: 2, height: 1, channels: 3 }));
    expect(await problem(readChannelPlane(path, 'protein'))).toMatch(
      /^channel-colour \| red.png: is a colour picture, not the green/,
    );
  });

  test('samples of another type are refused with their name', async () => {
    const path = await write('float.tif', Promise.resolve(floatTiff([0, 0.5, 1])));
    expect(await problem(readChannelPlane(path, 'protein'))).toMatch(
      /^image-depth \| float.tif: samples are of type float/,
    );
  });

  test('more pixels than can be handled are refused before they are decoded', async () => {
    const path = await write('huge.png', Promise.resolve(pngHeader(50_000, 50_000)));
    expect(await problem(readChannelPlane(path, 'protein'))).toMatch(/^image-too-large \| huge.png: /);
  });

  test('CMYK is refused', async () => {
    const cmyk = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).toColourspace(
      'cmyk',
    );
    const path = await write('cmyk.jpg', cmyk.jpeg().toBuffer());
    expect(await problem(readChannelPlane(path, 'protein'))).toMatch(
      /^image-colour \| cmyk.jpg: has 4 samples a pixel \(cmyk\)/,
    );
  });
});

describe('bad fields are named, with what was found and what to do', () => {
  test('channel missing', async () => {
    const folder = await goodField('no-blue');
    await rm(join(folder, 'a_blue.png'));
    expect(await problem(readOnly(folder))).toMatch(
      /^channel-missing \| field a: no channel nuclei \(blue\); found only .*a_green.png.*; add a_blue.png/,
    );
  });

  test('channels of different sizes', async () => {
    const folder = await goodField('sizes');
    await writeGrey(join(folder, 'a_yellow.png'), 5, 3);
    expect(await problem(readOnly(folder))).toBe(
      'channel-size | field a: microtubules (red) is 6x4 but er (yellow) is 5x3; all channels of a field must have one size',
    );
  });

  test.each([
    [
      'cut short',
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 30),
      /image-damaged \| field a: .*a_red.png: the picture is cut short/,
    ],
    [
      'only the head',
      (bytes: Buffer) => bytes.subarray(0, 20),
      /image-damaged \| field a: .*a_red.png: the picture is cut short/,
    ],
    [
      'text',
      () => Buffer.from('not a picture\n'),
      /image-damaged \| field a: .*a_red.png: is a text file inside; expected PNG/,
    ],
    [
      'noise',
      () => Buffer.from([1, 2, 3, 0, 255]),
      /image-damaged \| field a: .*a_red.png: is no picture file inside/,
    ],
    ['nothing', () => Buffer.alloc(0), /file-empty \| field a: .*a_red.png: the file is empty/],
    [
      'svg',
      () => Buffer.from('<svg width="4" height="4"></svg>'),
      /image-format \| field a: .*a_red.png: is a svg file inside/,
    ],
  ])('file with %s', async (name, spoil, expected) => {
    const folder = await goodField(name.replaceAll(' ', '-'));
    const path = join(folder, 'a_red.png');
    await writeFile(path, spoil(await readFile(path)));
    expect(await problem(readOnly(folder))).toMatch(expected);
  });

  test('a cut JPEG', async () => {
    const folder = await goodField('jpeg');
    await rm(join(folder, 'a_red.png'));
    const noise = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 256);
    const bytes = await encode(noise, { width: 64, height: 64, channels: 1 }, 'jpeg');
    await writeFile(join(folder, 'a_red.jpg'), bytes.subarray(0, bytes.length / 2));
    expect(await problem(readOnly(folder))).toMatch(/^image-damaged \| field a: .*a_red.jpg/);
  });

  test('a colour photograph as red', async () => {
    const folder = await goodField('photo');
    // A sunset: much more red than blue, a dark green foreground.
    const pixels = new Uint8Array(6 * 4 * 3);
    for (let i = 0; i < 24; i++) pixels.set(i < 16 ? [230, 110 + i, 40] : [30, 60, 20], 3 * i);
    await writeFile(join(folder, 'a_red.png'), await encode(pixels, { width: 6, height: 4, channels: 3 }));
    expect(await problem(readOnly(folder))).toMatch(
      /^channel-colour \| field a: .*a_red.png: is a colour picture.*give a grey file/,
    );
  });

  test('a grey composite', async () => {
    const folder = join(root, 'grey-composite');
    await mkdir(folder);
    await writeGrey(join(folder, 'a_blue_red_green.png'));
    expect(await problem(readOnly(folder))).toMatch(/^composite-grey \| field a: .*is grey; a composite/);
  });

  test('a file that has gone since it was found', async () => {
    const folder = await goodField('gone');
    const { sources } = await findFields([folder]);
    await rm(join(folder, 'a_green.png'));
    expect(await problem(readField(sources[0]))).toMatch(
      /^file-missing \| field a: .*a_green.png: there is no such file/,
    );
  });
});

describe('pixel size', () => {
  async function sizeOf(option: string | undefined, width: number, height: number) {
    const folder = await goodField(`size-${option ?? 'none'}-${width}`.replaceAll(/\W/g, '_'));
    for (const colour of ['red', 'green', 'blue'])
      await writeGrey(join(folder, `a_${colour}.png`), width, height);
    const { sources } = await findFields([folder]);
    const { pixelSizeUm, pixelSizeSource } = await readField(sources[0], await readPixelSizes(option));
    return `${pixelSizeUm} ${pixelSizeSource}`;
  }

  test('given for all', async () => {
    expect(await sizeOf('0.1', 4, 3)).toBe('0.1 given');
  });

  test.each([
    [1728, 100, '0.08 assumed'],
    [1024, 1024, '0.08 assumed'],
    [512, 256, '0.32 assumed'],
    [100, 820, `${163.84 / 820} assumed`],
  ])('assumed for %i x %i: %s', async (width, height, expected) => {
    expect(await sizeOf(undefined, width, height)).toBe(expected);
  });

  test('from a table with other columns; an empty size is assumed, a missing field is an error', async () => {
    const csv = join(root, 'sizes.csv');
    await writeFile(csv, 'Label,ID,pixel_size_um\n3,a,0.25\n4,b,\n');
    expect(await sizeOf(csv, 4, 3)).toBe('0.25 table');
    await writeFile(csv, 'ID,pixel_size_um\na,\n');
    expect(await sizeOf(csv, 1024, 3)).toBe('0.08 assumed');
    await writeFile(csv, 'ID,pixel_size_um\nb,0.25\n');
    expect(await problem(sizeOf(csv, 5, 3))).toMatch(
      /^pixel-size-missing \| field a: sizes.csv has no row for it/,
    );
  });

  test.each([
    ['ID,pixel_size_um\na,wide\n', /^pixel-size \| bad.csv, line 2: pixel_size_um of a is "wide"/],
    ['ID,pixel_size_um\na,0.1\na,0.2\n', /^pixel-size \| bad.csv, line 3: a has a second pixel size/],
    ['ID,size\na,0.1\n', /^table-columns \| bad.csv: no column pixel_size_um; the header has ID, size/],
  ])('a bad table %j', async (text, expected) => {
    const csv = join(root, 'bad.csv');
    await writeFile(csv, text);
    expect(await problem(readPixelSizes(csv))).toMatch(expected);
  });

  test('a bad option', async () => {
    await expect(readPixelSizes('80')).rejects.toMatchObject({ name: 'UsageError', code: 'pixel-size' });
    await expect(readPixelSizes('0')).rejects.toMatchObject({ name: 'UsageError', code: 'pixel-size' });
    expect(await problem(readPixelSizes(join(root, 'no.csv')))).toMatch(/^file-missing \| no.csv/);
  });
});

const HPA = fileURLToPath(new URL('../../../shared/data/hpa/', import.meta.url));
const withData = existsSync(HPA) ? describe : describe.skip;

withData('real data (skipped where ../shared/data is missing)', () => {
  test("the atlas's tinted JPEG: the plane of the channel's colour is read", async () => {
    const { sources } = await findFields([join(HPA, 'fov', '89_B5_1_red.jpg')]);
    const { channels, width } = await readField(sources[0]);
    const raw = await sharp(join(HPA, 'fov', '89_B5_1_green.jpg'))
      .raw()
      .toBuffer();
    expect(width).toBe(1728);
    expect(channels.protein.data.every((value, i) => value === raw[3 * i + 1])).toBe(true);
    expect(channels.er?.data.length).toBe(1728 * 1728);
  });

  test('a composite taken for a single channel is refused, whichever channel', async () => {
    const path = join(HPA, 'dictionary', 'dict-13-1_blue_red_green.jpg');
    for (const channel of ['microtubules', 'protein', 'nuclei', 'er'] as const) {
      expect(await problem(readChannelPlane(path, channel))).toMatch(/^channel-colour/);
    }
  });

  test('every composite of the dictionary has a pixel size', async () => {
    const { sources } = await findFields([join(HPA, 'dictionary')]);
    const sizes = await readPixelSizes(join(HPA, 'dictionary.csv'));
    const field = await readField(sources[0], sizes);
    expect(sources).toHaveLength(47);
    expect(field).toMatchObject({
      id: 'dict-0-1',
      pixelSizeUm: 0.0847,
      pixelSizeSource: 'table',
      width: 820,
    });
  });
});
