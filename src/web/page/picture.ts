/** Picture files to planes in the browser: exact for PNG and TIFF, by the browser's own decoder for JPEG. */
import { convertIndexedToRgb, decode as decodePng, hasPngSignature } from 'fast-png';
import { decode as decodeTiff } from 'tiff';
import { InputError } from '../../common/index.js';
import {
  assumedPixelSizeUm,
  type Channel,
  channelPlane,
  compositePlanes,
  type FieldOfView,
  type OmeChannel,
  type PictureSamples,
  type Plane,
  squarePixelUm,
} from '../../imaging/index.js';
import { classicTiff, isTiff } from './big-tiff.js';
import type { ChosenField } from './names.js';
import { readOmeChannels, readOmeTiff } from './ome-tiff.js';

/**
 * Reads a chosen field.
 * @param pixelSizeUm null: the atlas's scale is assumed
 * @throws InputError `channel-missing`, `channel-size`, `image-*`, `channel-colour`
 */
export async function readChosenField(
  { name, files, channels: given }: ChosenField,
  pixelSizeUm: number | null,
): Promise<FieldOfView> {
  const ome = files.image
    ? await withOmeFile(files.image, (bytes, file) => readOmeTiff(bytes, file, given ?? null, pageSamples))
    : null;
  const channels = ome
    ? ome.channels
    : files.composite
      ? { ...compositePlanes(await readPicture(files.composite), files.composite.name), er: null }
      : await readChannels(files);
  const { width, height } = channels.microtubules;
  for (const plane of Object.values(channels)) {
    if (plane === null || (plane.width === width && plane.height === height)) continue;
    throw new InputError(
      'channel-size',
      `red is ${width}x${height} but another channel is ${plane.width}x${plane.height}; all channels of a field must have one size`,
      { values: { first: `${width} × ${height}`, other: `${plane.width} × ${plane.height}` } },
    );
  }
  const inFile = () => (ome === null ? null : squarePixelUm(ome.pixelUm, name));
  const scale = pixelSizeUm ?? inFile() ?? assumedPixelSizeUm(width, height);
  return { id: name, width, height, pixelSizeUm: scale, channels };
}

/**
 * The channels that an OME-TIFF holds, for the question what they show.
 * @throws InputError `image-*`
 */
export function channelsInFile(file: File): Promise<readonly OmeChannel[]> {
  return withOmeFile(file, readOmeChannels);
}

/** What is read from an OME-TIFF's bytes, if its pages have sizes that can be read. */
async function withOmeFile<Result>(
  file: File,
  read: (bytes: Uint8Array, name: string) => Result,
): Promise<Result> {
  const stored = new Uint8Array(await file.arrayBuffer());
  if (!isTiff(stored)) throw fault('image-format', file.name, 'is no TIFF inside');
  try {
    const bytes = classicTiff(stored);
    for (const { width, height } of decodeTiff(bytes, { ignoreImageData: true }))
      expectSize(width, height, file.name);
    return read(bytes, file.name);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw fault('image-damaged', file.name, 'the picture is cut short or damaged', cause);
  }
}

async function readChannels(files: ChosenField['files']): Promise<FieldOfView['channels']> {
  const read = async (channel: Channel): Promise<Plane | null> => {
    const file = files[channel];
    return file === undefined ? null : channelPlane(await readPicture(file), channel, file.name);
  };
  const [microtubules, protein, nuclei, er] = [
    await read('microtubules'),
    await read('protein'),
    await read('nuclei'),
    await read('er'),
  ];
  if (microtubules === null || protein === null || nuclei === null) {
    const missing = Object.entries({ microtubules, protein, nuclei }).flatMap(([channel, plane]) =>
      plane === null ? channel : [],
    );
    throw new InputError('channel-missing', `missing: ${missing.join(', ')}`, {
      values: { missing: missing.join(' ') },
    });
  }
  return { microtubules, protein, nuclei, er };
}

async function readPicture(file: File): Promise<PictureSamples> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw fault('file-empty', file.name, 'the file is empty (0 bytes)');
  try {
    if (hasPngSignature(bytes)) return readPng(bytes, file.name);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return await readByBrowser(file);
    if (isTiff(bytes)) return readTiff(classicTiff(bytes), file.name);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw fault('image-damaged', file.name, 'the picture is cut short or damaged', cause);
  }
  throw fault('image-format', file.name, 'is no PNG, JPEG or TIFF inside');
}

function fault(code: string, file: string, message: string, cause?: unknown): InputError {
  return new InputError(code, `${file}: ${message}`, { values: { file }, cause });
}

/** As many as the server takes: larger ones would not fit into the browser's memory. */
const MOST_PIXELS = 8192 ** 2;

function readPng(bytes: Uint8Array, name: string): PictureSamples {
  // The head says the size: a small file that claims a huge picture is not unpacked.
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  expectSize(head.getUint32(16), head.getUint32(20), name);
  const { palette, ...png } = decodePng(bytes, { checkCrc: true });
  const { width, height, depth } = png;
  if (palette) {
    const data = convertIndexedToRgb({ palette, ...png });
    return opaque({ width, height, channels: palette[0].length, bitDepth: 8, data }, name);
  }
  if (depth < 8) throw fault('image-depth', name, `has ${depth} bits a pixel; expected 8 or 16`);
  const { channels } = png;
  return opaque(
    depth === 16
      ? { width, height, channels, bitDepth: 16, data: Uint16Array.from(png.data) }
      : { width, height, channels, bitDepth: 8, data: Uint8Array.from(png.data) },
    name,
  );
}

function readTiff(bytes: Uint8Array, name: string): PictureSamples {
  const heads = decodeTiff(bytes, { ignoreImageData: true });
  if (heads.length > 1) {
    throw fault('image-pages', name, `holds ${heads.length} pages; expected one picture a file`);
  }
  expectSize(heads[0].width, heads[0].height, name);
  return pageSamples(decodeTiff(bytes)[0], name);
}

function pageSamples(page: ReturnType<typeof decodeTiff>[number], name: string): PictureSamples {
  const { width, height, bitsPerSample, data } = page;
  const channels = data.length / (width * height);
  if (bitsPerSample === 8 && data instanceof Uint8Array) {
    return opaque({ width, height, channels, bitDepth: 8, data }, name);
  }
  if (bitsPerSample === 16 && data instanceof Uint16Array) {
    return opaque({ width, height, channels, bitDepth: 16, data }, name);
  }
  throw fault('image-depth', name, 'expected samples of unsigned 8 or 16 bit');
}

async function readByBrowser(file: File): Promise<PictureSamples> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', imageOrientation: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser draws no pictures');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  bitmap.close();
  return opaque({ width, height, channels: 4, bitDepth: 8, data: Uint8Array.from(data) }, file.name);
}

function expectSize(width: number, height: number, file: string): void {
  if (width * height <= MOST_PIXELS) return;
  throw new InputError('image-too-large', `${file}: ${width} x ${height} pixels, at most ${MOST_PIXELS}`, {
    values: { file, size: `${width} × ${height}` },
  });
}

interface Decoded extends Omit<PictureSamples, 'samples'> {
  /** 1 or 3, and one more for the opacity. */
  readonly channels: number;
}

/** Grey or colour without its opacity. @throws InputError `image-transparent`, `image-colour` */
export function opaque({ channels, ...picture }: Decoded, name: string): PictureSamples {
  if (channels < 1 || channels > 4) {
    throw fault('image-colour', name, `has ${channels} samples a pixel; expected grey or red-green-blue`);
  }
  const samples = channels < 3 ? 1 : 3;
  const { bitDepth, data } = picture;
  if (channels === samples) return { ...picture, samples };
  const count = picture.width * picture.height;
  const full = bitDepth === 16 ? 65535 : 255;
  const out = bitDepth === 16 ? new Uint16Array(count * samples) : new Uint8Array(count * samples);
  for (let i = 0; i < count; i++) {
    if (data[i * channels + samples] !== full) {
      throw fault('image-transparent', name, 'has transparent pixels, whose intensity is undefined');
    }
    for (let s = 0; s < samples; s++) out[i * samples + s] = data[i * channels + s];
  }
  return { ...picture, samples, data: out };
}
