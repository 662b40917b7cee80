import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/common/index.js';
import {
  checkOmeTiffFile,
  findFields,
  parseChannelNames,
  readField,
  readPixelSizes,
} from '../../src/io/index.js';
import { multiPageTiff, type OmePage, type OmeText, omeXml } from './ome.js';
import { floatTiff, pngHeader, temporaryFolder, writeGrey } from './pictures.js';

const SIZE = { width: 8, height: 6 };
let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
});

/** Page k has the values 1000 k, 1000 k + 1, ...; of 8 bits modulo 256. */
function pages(count = 4, bits: 8 | 16 = 16): OmePage[] {
  return Array.from({ length: count }, (_, page) => {
    const values = Array.from({ length: SIZE.width * SIZE.height }, (_, i) => 1000 * page + i);
    return { ...SIZE, data: bits === 16 ? Uint16Array.from(values) : Uint8Array.from(values) };
  });
}

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(root, name);
  await writeFile(path, bytes);
  return path;
}

const writeOme = (name: string, text: Partial<OmeText> = {}, found = pages()) =>
  write(name, multiPageTiff(found, omeXml({ ...SIZE, ...text })));

async function read(path: string, channels?: string, pixelSize?: string) {
  const names = channels === undefined ? undefined : (parseChannelNames(channels) ?? undefined);
  const { sources, problems } = await findFields([path], names);
  expect(problems).toEqual([]);
  return readField(sources[0], await readPixelSizes(pixelSize));
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

describe('an OME-TIFF', () => {
  test.each([
    ['16 bit', 'II', 16],
    ['16 bit, the other byte order', 'MM', 16],
    ['8 bit', 'II', 8],
  ] as const)('of %s gives its channels, exactly', async (name, order, bits) => {
    const found = pages(4, bits);
    const xml = omeXml({ ...SIZE, names: ['DAPI', 'ER', 'tubulin', 'protein'], type: `uint${bits}` });
    const path = await write(`${name}.ome.tif`, multiPageTiff(found, xml, order));
    const { id, channels, ...field } = await read(path);
    expect(id).toBe(name);
    expect(field).toMatchObject({ ...SIZE, pixelSizeSource: 'assumed' });
    expect(channels.nuclei).toEqual({ ...SIZE, bitDepth: bits, data: found[0].data });
    expect(channels.er?.data).toEqual(found[1].data);
    expect(channels.microtubules.data).toEqual(found[2].data);
    expect(channels.protein.data).toEqual(found[3].data);
  });

  test('without ER', async () => {
    const path = await writeOme('three.ome.tiff', { names: ['red', 'green', 'blue'] }, pages(3));
    expect((await read(path)).channels.er).toBeNull();
  });

  test('says the size of a pixel, which what the user says goes before', async () => {
    const path = await writeOme('scale.ome.tif', { pixels: 'PhysicalSizeX="65" PhysicalSizeXUnit="nm"' });
    expect(await read(path)).toMatchObject({ pixelSizeUm: 0.065, pixelSizeSource: 'file' });
    expect(await read(path, undefined, '0.1')).toMatchObject({ pixelSizeUm: 0.1, pixelSizeSource: 'given' });
    const table = await write('sizes.csv', Buffer.from('ID,pixel_size_um\nscale,\n'));
    expect(await read(path, undefined, table)).toMatchObject({ pixelSizeUm: 0.065, pixelSizeSource: 'file' });
  });

  test('whose pixels are not square needs the user to say their size', async () => {
    const path = await writeOme('oblong.ome.tif', { pixels: 'PhysicalSizeX="0.1" PhysicalSizeY="0.2"' });
    expect(await problem(read(path))).toMatch(
      /^image-pixel-size \| field oblong: oblong.ome.tif: says that a pixel is 0.1 x 0.2 um/,
    );
    expect(await read(path, undefined, '0.1')).toMatchObject({ pixelSizeUm: 0.1 });
  });

  test('whose channels the user names', async () => {
    const path = await writeOme('named.ome.tif', { names: ['Cy5', 'GFP', null, 'Brightfield'] });
    expect(await problem(read(path))).toMatch(/^channel-unknown \| field named: .*"Cy5", "GFP", channel 3/);
    const { channels } = await read(path, 'cy5=microtubules,GFP=protein,3=nuclei');
    expect(channels.nuclei.data[0]).toBe(2000);
    expect(channels.er).toBeNull();
  });
});

describe('finding', () => {
  test('OME-TIFFs in a folder, among quartets, some of whose files may be OME-TIFFs of one channel', async () => {
    const folder = join(root, 'mixed');
    await mkdir(folder);
    for (const colour of ['red', 'green', 'blue']) await writeGrey(join(folder, `a_${colour}.png`));
    await writeOme('mixed/b.ome.tif');
    await write('mixed/notes.tif', Buffer.from('no picture'));
    await writeOme('mixed/a_yellow.ome.tif', { names: ['ER'] }, [{ ...pages(1)[0] }]);
    const { sources, problems } = await findFields([folder]);
    expect(problems).toEqual([]);
    expect(sources.map(({ id, files }) => `${id} ${files.kind}`)).toEqual(['a channels', 'b ome-tiff']);
    expect(Object.keys('paths' in sources[0].files ? sources[0].files.paths : {})).toContain('er');
  });

  test('the number of a sample is not that of a channel', async () => {
    const path = await writeOme('sample_1.ome.tif', { names: [null, null, null] }, pages(3));
    const { id, channels } = await read(path, '1=nuclei,2=protein,3=microtubules');
    expect([id, channels.microtubules.data[0]]).toEqual(['sample_1', 2000]);
  });

  test('a named TIFF whose name says no channel is taken for one', async () => {
    const path = await writeOme('experiment 7.tif');
    expect((await read(path)).id).toBe('experiment 7');
  });

  test('an OME-TIFF beside a quartet of the same field is a problem of that field', async () => {
    const folder = join(root, 'twice');
    await mkdir(folder);
    await writeGrey(join(folder, 'a_red.png'));
    await writeOme('twice/a.ome.tif');
    await writeOme('twice/b.ome.tif');
    const { sources, problems } = await findFields([folder]);
    expect(sources.map(({ id }) => id)).toEqual(['b']);
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^channel-twice field a: both a ome-tiff, .*a\.ome\.tif, and single channels, .*a_red/,
      ),
    ]);
  });
});

describe('files that are none are told so', () => {
  const huge = { width: 100_000, height: 100_000 };

  test.each([
    [
      'pages without a description',
      () => multiPageTiff(pages(), null),
      /^image-ome .*no OME-XML describes its 4 pages/,
    ],
    [
      "ImageJ's description",
      () => multiPageTiff(pages(), 'ImageJ=1.54f\nimages=4\n'),
      /^image-ome .*no OME-XML/,
    ],
    [
      'a description cut short',
      () => multiPageTiff(pages(), omeXml(SIZE).slice(0, 400)),
      /^image-ome .*ends within/,
    ],
    [
      'fewer pages than channels',
      () => multiPageTiff(pages(3), omeXml(SIZE)),
      /^image-pages .*4 channels, but its 3 pages/,
    ],
    [
      'a stack',
      () => multiPageTiff(pages(12), omeXml({ ...SIZE, sizeZ: 3 })),
      /^image-stack .*3 focal planes/,
    ],
    [
      'a description of another size',
      () => multiPageTiff(pages(), omeXml({ width: 16, height: 12 })),
      /^image-ome .*16x12 grey pixels, but page 1 has 8x6/,
    ],
    ['floats', () => Buffer.from(floatTiff([1, 2])), /^image-ome/],
    ['a PNG', () => pngHeader(8, 6), /^image-(ome|damaged)/],
    ['text', () => Buffer.from('hello, I am a table'), /^image-damaged .*is no TIFF/],
    ['nothing', () => Buffer.alloc(0), /^file-empty/],
    ['the second half missing', () => multiPageTiff(pages(), omeXml(SIZE)).subarray(0, 1100), /^image-pages/],
    [
      'a claim of 100,000 x 100,000',
      () =>
        multiPageTiff(
          pages().map(({ data }) => ({ ...huge, data })),
          omeXml(huge),
        ),
      /^image-too-large .*100000x100000/,
    ],
  ])('%s', async (name, make, expected) => {
    const path = await write(`wrong ${name}.ome.tif`, make());
    expect(await problem(read(path))).toMatch(expected);
    expect(await problem(checkOmeTiffFile(path, 10_000, null))).toMatch(/^(image|file)-/);
  });

  test('pixels that are missing: told once they are decoded', async () => {
    const bytes = multiPageTiff(pages(), omeXml(SIZE));
    const lastStrip = bytes.lastIndexOf(Buffer.from([0x11, 0x01, 4, 0]));
    bytes.writeUInt32LE(bytes.length - 10, lastStrip + 8);
    const path = await write('missing.ome.tif', bytes);
    expect(await problem(read(path))).toMatch(/^image-damaged .*cut short or damaged/);
  });

  test('a description of more than 4 MiB, and one that lies beyond the file', async () => {
    const long = await write('long.ome.tif', multiPageTiff(pages(), omeXml(SIZE) + ' '.repeat(2 ** 22)));
    expect(await problem(read(long))).toMatch(/^image-ome .*at most 4194304 are read/);
    const bytes = multiPageTiff(pages(), omeXml(SIZE));
    bytes.writeUInt32LE(0x7fffffff, bytes.indexOf(Buffer.from([14, 1, 2, 0])) + 8);
    const beyond = await write('beyond.ome.tif', bytes);
    expect(await problem(read(beyond))).toMatch(/^image-damaged/);
  });

  test('a directory that leads back to itself', async () => {
    const bytes = multiPageTiff(pages(1), omeXml({ ...SIZE, names: ['red'] }));
    bytes.writeUInt32LE(bytes.readUInt32LE(4), bytes.length - 4);
    expect(await problem(read(await write('loop.ome.tif', bytes)))).toMatch(/^(image|channel)-/);
  });

  test('too many pixels for an upload, told before anything is decoded', async () => {
    const path = await writeOme('limit.ome.tif');
    expect(await checkOmeTiffFile(path, 48, null)).toEqual({ ...SIZE, format: 'tiff' });
    expect(await problem(checkOmeTiffFile(path, 47, null))).toMatch(/^image-too-large \| limit.ome.tif: 8x6/);
  });
});

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const WRITER = fileURLToPath(new URL('ome-tiff.py', import.meta.url));

describe.skipIf(!existsSync(PYTHON))('files of tifffile (skipped where bench/peers/.venv is missing)', () => {
  beforeAll(async () => {
    await mkdir(join(root, 'tifffile'));
    execFileSync(PYTHON, [WRITER, join(root, 'tifffile')], { stdio: 'inherit' });
  });
  const file = (name: string) => join(root, 'tifffile', name);

  test.each(['plain', 'big', 'motorola', 'eight', 'pyramid'])('%s', async (name) => {
    const { channels, ...field } = await read(file(`${name}.ome.tif`));
    expect(field).toMatchObject({ ...SIZE, pixelSizeUm: 0.08, pixelSizeSource: 'file' });
    const value = (i: number) => (name === 'eight' ? (300 * i) >> 8 : 300 * i);
    const planes = [channels.nuclei, channels.microtubules, channels.protein, channels.er];
    for (const [page, plane] of planes.entries()) {
      expect(Array.from(plane?.data ?? [])).toEqual(
        Array.from({ length: 48 }, (_, i) => value(48 * page + i)),
      );
    }
  });

  test.each([
    ['stack.ome.tif', /^image-stack .*3 focal planes/],
    ['float.ome.tif', /^image-depth .*float/],
    ['imagej.tif', /^image-ome .*no OME-XML/],
  ])('%s is refused', async (name, expected) => {
    expect(await problem(read(file(name)))).toMatch(expected);
  });

  test('the page reads them as the program does', async () => {
    const { readOmeTiff } = await import('../../src/web/page/ome-tiff.js');
    const { classicTiff } = await import('../../src/web/page/big-tiff.js');
    const { decode } = await import('tiff');
    for (const name of ['plain', 'big', 'motorola', 'eight']) {
      const bytes = classicTiff(await readFile(file(`${name}.ome.tif`)));
      const { channels, pixelUm } = readOmeTiff(
        bytes,
        name,
        null,
        ({ width, height, bitsPerSample, data }) => ({
          ...{ width, height, samples: 1, bitDepth: bitsPerSample === 8 ? 8 : 16 },
          data: bitsPerSample === 8 ? Uint8Array.from(data) : Uint16Array.from(data),
        }),
      );
      expect(decode(bytes)).toHaveLength(4);
      expect(channels).toEqual((await read(file(`${name}.ome.tif`))).channels);
      expect(pixelUm).toEqual({ x: 0.08, y: 0.08 });
    }
  });
});
