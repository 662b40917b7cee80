/** Judges a picture file that came from a stranger by its beginning, its end and its head, before anything decodes its pixels. */
import { type FileHandle, open } from 'node:fs/promises';
import sharp from 'sharp';
import { InputError } from '../common/index.js';
import type { ChannelNames } from './channel-names.js';
import { readAt, readError } from './file.js';
import { openOmeTiff } from './ome-tiff.js';
import { checkKind } from './raster.js';

export interface ImageFacts {
  readonly format: 'png' | 'jpeg' | 'tiff';
  readonly width: number;
  readonly height: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_START = [0xff, 0xd8, 0xff];
const JPEG_END = [0xff, 0xd9];
const TIFF_STARTS = [
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  // BigTIFF
  [0x49, 0x49, 0x2b, 0x00],
  [0x4d, 0x4d, 0x00, 0x2b],
];
/** Width and height stand in a PNG's first chunk, at these bytes. */
const PNG_SIZE_AT = 16;
const HEAD_BYTES = 512;

/**
 * Checks that a file is one whole PNG, JPEG or TIFF picture that can be read (see `readRaster`) and is not too large. Only the
 * decoders of these formats see the file at all. A PNG or JPEG must end where its picture ends: what follows would be another
 * file in the same one.
 * @throws InputError `file-*`, `file-empty`; `image-format`, `image-too-large`, `image-damaged`, `image-trailing-data`, and `image-*`
 *   of `readRaster` that its head tells
 */
export async function checkImageFile(path: string, mostPixels: number): Promise<ImageFacts> {
  const file = await openFile(path);
  let format: ImageFacts['format'];
  try {
    const { size } = await file.stat();
    if (size === 0) throw new InputError('file-empty', `${path}: the file is empty (0 bytes)`);
    const head = await readAt(file, 0, HEAD_BYTES);
    format = formatOf(path, head);
    if (format === 'png') {
      if (head.length >= PNG_SIZE_AT + 8) {
        expectPixels(path, head.readUInt32BE(PNG_SIZE_AT), head.readUInt32BE(PNG_SIZE_AT + 4), mostPixels);
      }
      await expectPngEnd(path, file, size);
    }
    if (format === 'jpeg') await expectJpegEnd(path, file, size);
  } finally {
    await file.close();
  }
  const metadata = await sharp(path, { limitInputPixels: false, ignoreIcc: true })
    .metadata()
    .catch((cause: unknown) => {
      throw new InputError('image-damaged', `${path}: the picture is damaged; get the file again`, { cause });
    });
  const { width, height } = metadata;
  expectPixels(path, width, height, mostPixels);
  checkKind(path, metadata);
  return { format, width, height };
}

/**
 * The same for an OME-TIFF: one that can be read as a field of view (see `openOmeTiff`), each of whose channels has so many pixels at most.
 * @param names what it calls the channels; null: guessed
 */
export async function checkOmeTiffFile(
  path: string,
  mostPixels: number,
  names: ChannelNames | null,
): Promise<ImageFacts> {
  const file = await openFile(path);
  try {
    const head = await readAt(file, 0, HEAD_BYTES);
    if (head.length === 0) throw new InputError('file-empty', `${path}: the file is empty (0 bytes)`);
    if (formatOf(path, head) !== 'tiff') {
      throw new InputError('image-format', `${path}: is no TIFF inside; expected an OME-TIFF`);
    }
  } finally {
    await file.close();
  }
  const { width, height } = await openOmeTiff(path, names);
  expectPixels(path, width, height, mostPixels);
  return { format: 'tiff', width, height };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw readError(path, cause);
  }
}

function formatOf(path: string, head: Buffer): ImageFacts['format'] {
  const starts = (bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(PNG_SIGNATURE)) return 'png';
  if (starts(JPEG_START)) return 'jpeg';
  if (TIFF_STARTS.some(starts)) return 'tiff';
  const isText = head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
  throw new InputError(
    'image-format',
    `${path}: ${isText ? 'is a text file' : 'is no picture of these kinds'} inside; expected PNG, JPEG or TIFF`,
  );
}

function expectPixels(path: string, width: number, height: number, most: number): void {
  if (width * height <= most) return;
  throw new InputError(
    'image-too-large',
    `${path}: ${width}x${height} pixels, at most ${most} (${Math.floor(Math.sqrt(most))} squared) are taken; cut the field into parts`,
  );
}

/** Walks the chunks (length, type, data, checksum) up to IEND without reading their data. */
async function expectPngEnd(path: string, file: FileHandle, size: number): Promise<void> {
  for (let at = PNG_SIGNATURE.length; at < size; ) {
    const chunk = await readAt(file, at, 8);
    if (chunk.length < 8) break;
    at += chunk.readUInt32BE(0) + 12;
    if (chunk.toString('latin1', 4) !== 'IEND') continue;
    if (at === size) return;
    if (at < size) throw trailing(path, size - at);
  }
  throw cutShort(path, size);
}

async function expectJpegEnd(path: string, file: FileHandle, size: number): Promise<void> {
  const end = await readAt(file, Math.max(0, size - HEAD_BYTES), HEAD_BYTES);
  if (end[end.length - 2] === JPEG_END[0] && end[end.length - 1] === JPEG_END[1]) return;
  // Some cameras pad with zeros.
  let last = end.length - 1;
  while (last > 0 && end[last] === 0) last--;
  if (last > 0 && end[last - 1] === JPEG_END[0] && end[last] === JPEG_END[1]) return;
  throw new InputError(
    'image-damaged',
    `${path}: does not end where a JPEG picture ends: it is cut short, or another file follows in it; get the file again`,
  );
}

function cutShort(path: string, size: number): InputError {
  return new InputError(
    'image-damaged',
    `${path}: the picture is cut short (${size} bytes, its end is missing); get the file again`,
  );
}

function trailing(path: string, bytes: number): InputError {
  return new InputError(
    'image-trailing-data',
    `${path}: ${bytes} bytes follow the end of the picture; save it again as a plain PNG, JPEG or TIFF`,
  );
}
