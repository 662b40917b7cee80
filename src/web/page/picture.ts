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
  type PictureSamples,
  type Plane,
  squarePixelUm,
} from '../../imaging/index.js';
import type { ChosenField } from './names.js';
import { readOmeTiff } from './ome-tiff.js';

/**
 * Reads a chosen field.
 * @param pixelSizeUm null: the atlas's scale is assumed
 * @throws InputError `channel-missing`, `channel-size`, `image-*`, `channel-colour`
 */
export async function readChosenField(
  { name, files }: ChosenField,
  pixelSizeUm: number | null,
): Promise<FieldOfView> {
  const ome = files.image ? await readOmeFile(files.image) : null;
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
    );
  }
  const inFile = () => (ome === null ? null : squarePixelUm(ome.pixelUm, name));
  const scale = pixelSizeUm ?? inFile() ?? assumedPixelSizeUm(width, height);
  return { id: name, width, height, pixelSizeUm: scale, channels };
}

async function readOmeFile(file: File) {
  try {
    return readOmeTiff(new Uint8Array(await file.arrayBuffer()), file.name, pageSamples);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('image-damaged', `${file.name}: the picture is cut short or damaged`, { cause });
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
    const missing = [microtubules === null && 'red', protein === null && 'green', nuclei === null && 'blue'];
    throw new InputError('channel-missing', `missing: ${missing.filter(Boolean).join(', ')}`);
  }
  return { microtubules, protein, nuclei, er };
}

async function readPicture(file: File): Promise<PictureSamples> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new InputError('file-empty', `${file.name}: the file is empty (0 bytes)`);
  try {
    if (hasPngSignature(bytes)) return readPng(bytes, file.name);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return await readByBrowser(file);
    if ((bytes[0] === 0x49 && bytes[2] === 42) || (bytes[0] === 0x4d && bytes[3] === 42)) {
      return readTiff(bytes, file.name);
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('image-damaged', `${file.name}: the picture is cut short or damaged`, { cause });
  }
  throw new InputError('image-format', `${file.name}: is no PNG, JPEG or TIFF inside`);
}

function readPng(bytes: Uint8Array, name: string): PictureSamples {
  const png = decodePng(bytes, { checkCrc: true });
  const { width, height, depth } = png;
  if (png.palette) {
    return withoutAlpha(width, height, png.palette[0].length, 8, convertIndexedToRgb(png));
  }
  if (depth < 8) throw new InputError('image-depth', `${name}: has ${depth} bits a pixel; expected 8 or 16`);
  const bitDepth = depth === 16 ? 16 : 8;
  const data = bitDepth === 16 ? Uint16Array.from(png.data) : Uint8Array.from(png.data);
  return withoutAlpha(width, height, png.channels, bitDepth, data);
}

function readTiff(bytes: Uint8Array, name: string): PictureSamples {
  const pages = decodeTiff(bytes);
  const [page] = pages;
  if (pages.length > 1) {
    throw new InputError('image-pages', `${name}: holds ${pages.length} pages; expected one picture a file`);
  }
  return pageSamples(page, name);
}

function pageSamples(page: ReturnType<typeof decodeTiff>[number], name: string): PictureSamples {
  const { width, height, bitsPerSample, data } = page;
  if (
    (bitsPerSample !== 8 && bitsPerSample !== 16) ||
    data instanceof Float32Array ||
    data instanceof Float64Array
  ) {
    throw new InputError('image-depth', `${name}: expected samples of unsigned 8 or 16 bit`);
  }
  const samples = data.length / (width * height);
  return withoutAlpha(
    width,
    height,
    samples,
    bitsPerSample,
    bitsPerSample === 16 ? Uint16Array.from(data) : Uint8Array.from(data),
  );
}

async function readByBrowser(file: File): Promise<PictureSamples> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', imageOrientation: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser draws no pictures');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  bitmap.close();
  return withoutAlpha(width, height, 4, 8, Uint8Array.from(data));
}

/** Grey and alpha, or colour and alpha, to grey or colour. */
function withoutAlpha(
  width: number,
  height: number,
  channels: number,
  bitDepth: 8 | 16,
  data: Uint8Array | Uint16Array,
): PictureSamples {
  const samples = channels < 3 ? 1 : 3;
  if (channels === samples) return { width, height, samples, bitDepth, data };
  const count = width * height;
  const out = bitDepth === 16 ? new Uint16Array(count * samples) : new Uint8Array(count * samples);
  for (let i = 0; i < count; i++) {
    for (let s = 0; s < samples; s++) out[i * samples + s] = data[i * channels + s];
  }
  return { width, height, samples, bitDepth, data: out };
}
