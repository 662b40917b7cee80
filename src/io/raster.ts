import sharp, { type Metadata, type Sharp } from 'sharp';
import { InputError } from '../common/index.js';
import type { PictureSamples } from '../imaging/index.js';
import { readInputFile } from './file.js';

/** A picture file's pixels as stored, interleaved: no colour management, no rotation, 16 bit stays 16 bit. */
export interface Raster extends PictureSamples {
  /** False where the file holds a palette or fewer than 8 bits: its values were expanded, they are not the stored ones. */
  readonly exact: boolean;
  readonly format: string;
}

const FORMATS = ['png', 'jpeg', 'tiff'];
/** About 32,700 pixels squared: ten times the largest scan we know of, small enough to index with 32 bits. */
const MOST_PIXELS = 2 ** 30;

/**
 * Reads a PNG, JPEG or TIFF file of 8 or 16 bits a sample, grey or colour.
 * @throws InputError `file-*` (see readInputFile); `image-damaged` (cut short, or no picture at all);
 *   `image-format`, `image-depth`, `image-pages`, `image-transparent`, `image-colour`, `image-too-large`: what it is instead
 */
export async function readRaster(path: string): Promise<Raster> {
  return decodeRaster(path, await readInputFile(path));
}

/**
 * Decodes a file's bytes as `readRaster` does.
 * @param path for messages
 * @param page the page to decode; without it the file must have one only
 */
export async function decodeRaster(path: string, bytes: Uint8Array, page?: number): Promise<Raster> {
  // failOn 'error': cut-short files fail, odd TIFF tags (only warnings) do not. ignoreIcc: intensities are not colours.
  const options = { failOn: 'error', limitInputPixels: MOST_PIXELS, ignoreIcc: true } as const;
  const picture = () => sharp(bytes, page === undefined ? options : { ...options, page });
  const metadata = await decode(path, bytes, picture().metadata());
  const { samples, bitDepth } = checkKind(path, page === undefined ? metadata : { ...metadata, pages: 1 });
  const colourspace = bitDepth === 16 ? (samples === 1 ? 'grey16' : 'rgb16') : samples === 1 ? 'b-w' : 'srgb';
  // The colour space must be named, or sharp turns everything into 8-bit sRGB; it must be the file's own kind,
  // or sharp converts (colour to 'b-w' is luminance).
  let pipeline = picture().toColourspace(colourspace);
  if (metadata.hasAlpha) {
    await checkOpaque(path, bytes, picture(), bitDepth);
    pipeline = pipeline.removeAlpha();
  }
  const { data, info } = await decode(
    path,
    bytes,
    pipeline.raw({ depth: bitDepth === 16 ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  if (info.channels !== samples) {
    throw new InputError('image-colour', `${path}: has ${info.channels} colour planes, expected ${samples}`);
  }
  return {
    width: info.width,
    height: info.height,
    samples,
    bitDepth,
    data: bitDepth === 16 ? asUint16(data) : asUint8(data),
    exact: !metadata.isPalette && (metadata.bitsPerSample ?? 8) >= 8,
    format: metadata.format ?? '',
  };
}

/** What a picture must be to be read. */
export function checkKind(path: string, metadata: Metadata): { samples: 1 | 3; bitDepth: 8 | 16 } {
  const { format, space, depth, hasAlpha, channels = 0, width = 0, height = 0 } = metadata;
  if (!FORMATS.includes(format ?? '')) {
    throw new InputError('image-format', `${path}: is a ${format} file inside; expected PNG, JPEG or TIFF`);
  }
  if (width * height > MOST_PIXELS) {
    throw new InputError(
      'image-too-large',
      `${path}: ${width}x${height} pixels, at most ${MOST_PIXELS} are read`,
    );
  }
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new InputError(
      'image-depth',
      `${path}: samples are of type ${depth}; expected unsigned 8 or 16 bit, please convert the file`,
    );
  }
  if ((metadata.pages ?? 1) > 1) {
    throw new InputError(
      'image-pages',
      `${path}: holds ${metadata.pages} pages; expected one picture a file, please split it`,
    );
  }
  const samples = channels - (hasAlpha ? 1 : 0);
  if (space === 'cmyk' || (samples !== 1 && samples !== 3)) {
    throw new InputError(
      'image-colour',
      `${path}: has ${channels} samples a pixel (${space}); expected grey or red-green-blue`,
    );
  }
  return { samples, bitDepth: depth === 'ushort' ? 16 : 8 };
}

async function checkOpaque(path: string, bytes: Uint8Array, picture: Sharp, bitDepth: 8 | 16): Promise<void> {
  const { channels } = await decode(path, bytes, picture.stats());
  if (channels[channels.length - 1].min < (bitDepth === 16 ? 65535 : 255)) {
    throw new InputError(
      'image-transparent',
      `${path}: has transparent pixels, whose intensity is undefined; save it without transparency`,
    );
  }
}

/** Awaits a sharp result; a failure becomes an InputError in words of the file. */
async function decode<T>(path: string, bytes: Uint8Array, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    if (/pixel limit/i.test(reason)) {
      throw new InputError('image-too-large', `${path}: more than ${MOST_PIXELS} pixels`, { cause });
    }
    if (/unsupported image format/i.test(reason)) {
      const kind = looksLikeText(bytes) ? 'is a text file' : 'is no picture file';
      throw new InputError('image-damaged', `${path}: ${kind} inside; expected PNG, JPEG or TIFF`, { cause });
    }
    throw new InputError(
      'image-damaged',
      `${path}: the picture is cut short or damaged (${reason}; ${bytes.length} bytes); get the file again`,
      { cause },
    );
  }
}

function looksLikeText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 512);
  return start.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

function asUint8(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function asUint16(buffer: Uint8Array): Uint16Array {
  // A pooled Node buffer may begin at an odd byte, where a 16-bit view is not allowed: copy it.
  const start = buffer.byteOffset % 2 === 0 ? buffer : new Uint8Array(buffer);
  return new Uint16Array(start.buffer, start.byteOffset, start.byteLength / 2);
}
