import { open } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { InputError } from '../common/index.js';
import {
  assignChannels,
  type Channel,
  type ChannelPages,
  channelPlane,
  type FieldOfView,
  type OmeImage,
  parseOmeXml,
} from '../imaging/index.js';
import type { ChannelNames } from './channel-names.js';
import { readAt, readError, readInputFile } from './file.js';
import { checkKind, decodeRaster } from './raster.js';
import { type ReadAt, readTiffDescription } from './tiff-description.js';

/** What an OME-TIFF says of itself, as far as a field of view needs it. */
export interface OmeTiff {
  readonly width: number;
  readonly height: number;
  readonly pixelUm: OmeImage['pixelUm'];
  readonly pages: ChannelPages;
}

/**
 * Reads the head of an OME-TIFF, without its pixels: its description, and that its pages are what is described.
 * @param names what the file calls the channels (see `assignChannels`); null: guessed
 * @throws InputError `file-missing`, `file-unreadable`; `image-damaged`, `image-ome`, `image-stack`, `image-pages`, `channel-*`, and
 *   `image-*` of `readRaster` that a head tells
 */
export async function openOmeTiff(path: string, names: ChannelNames | null): Promise<OmeTiff> {
  try {
    const file = await open(path, 'r');
    try {
      return await readHead(path, path, (position, length) => readAt(file, position, length), names);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof InputError ? cause : readError(path, cause);
  }
}

/**
 * The planes of an OME-TIFF, and what it says of a pixel's size.
 * @throws InputError as `openOmeTiff` and `readRaster`
 */
export async function readOmePlanes(
  path: string,
  names: ChannelNames | null,
): Promise<{ channels: FieldOfView['channels']; pixelUm: OmeImage['pixelUm'] }> {
  const bytes = await readInputFile(path);
  const slice: ReadAt = async (position, length) => Buffer.from(bytes.subarray(position, position + length));
  const { pages, pixelUm } = await readHead(path, bytes, slice, names);
  const plane = async (channel: Channel, page: number) =>
    channelPlane(await decodeRaster(path, bytes, page), channel, path);
  const channels = {
    microtubules: await plane('microtubules', pages.microtubules),
    protein: await plane('protein', pages.protein),
    nuclei: await plane('nuclei', pages.nuclei),
    er: pages.er === null ? null : await plane('er', pages.er),
  };
  return { channels, pixelUm };
}

async function readHead(
  path: string,
  input: string | Uint8Array,
  read: ReadAt,
  names: ChannelNames | null,
): Promise<OmeTiff> {
  const { pages: pageCount = 1 } = await pageMetadata(path, input, 0);
  const xml = await readTiffDescription(path, read);
  if (xml === null || !/<(?:\w+:)?OME\b/.test(xml)) {
    throw new InputError(
      'image-ome',
      `${path}: is no OME-TIFF (no OME-XML describes its ${pageCount === 1 ? 'page' : `${pageCount} pages`}); save it as one ` +
        '(Bio-Formats, Fiji, QuPath), or give a file for each channel',
    );
  }
  const { width, height, channels, pixelUm } = parseOmeXml(xml, pageCount, path);
  const pages = assignChannels(channels, names, path);
  for (const page of Object.values(pages)) {
    if (page === null) continue;
    const metadata = await pageMetadata(path, input, page);
    const { samples } = checkKind(path, { ...metadata, pages: 1 });
    if (metadata.width === width && metadata.height === height && samples === 1) continue;
    const found = `${metadata.width}x${metadata.height}${samples === 1 ? '' : ' colour'}`;
    throw new InputError(
      'image-ome',
      `${path}: its OME-XML says ${width}x${height} grey pixels, but page ${page + 1} has ${found} ones; save the image anew`,
    );
  }
  return { width, height, pixelUm, pages };
}

async function pageMetadata(path: string, input: string | Uint8Array, page: number): Promise<Metadata> {
  try {
    return await sharp(input, { page, limitInputPixels: false, ignoreIcc: true }).metadata();
  } catch (cause) {
    throw new InputError(
      'image-damaged',
      `${path}: is no TIFF, or a damaged one (page ${page + 1}); get the file again`,
      { cause },
    );
  }
}
