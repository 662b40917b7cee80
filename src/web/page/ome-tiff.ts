import { decode as decodeTiff } from 'tiff';
import {
  assignChannels,
  type Channel,
  channelPlane,
  type FieldOfView,
  type OmeChannel,
  type OmeImage,
  type PictureSamples,
  parseOmeXml,
} from '../../imaging/index.js';

/** A page of a decoded TIFF file, as a picture. */
export type PageReader = (page: ReturnType<typeof decodeTiff>[number], name: string) => PictureSamples;

/**
 * The channels of an OME-TIFF in its own order, without their pixels.
 * @throws InputError `image-ome`, `image-stack`, `image-pages`, `image-colour`
 */
export function readOmeChannels(bytes: Uint8Array, name: string): readonly OmeChannel[] {
  return readDescription(decodeTiff(bytes, { ignoreImageData: true }), name).channels;
}

/**
 * The channels of an OME-TIFF, and what it says of a pixel's size.
 * @param given what the file calls the channels; null: told by their names
 * @throws InputError `image-ome`, `image-stack`, `image-pages`, `channel-*`, and those of `readPage`
 */
export function readOmeTiff(
  bytes: Uint8Array,
  name: string,
  given: Readonly<Record<string, Channel>> | null,
  readPage: PageReader,
): { channels: FieldOfView['channels']; pixelUm: OmeImage['pixelUm'] } {
  const pages = decodeTiff(bytes);
  const image = readDescription(pages, name);
  const pageOf = assignChannels(image.channels, given && new Map(Object.entries(given)), name);
  const plane = (channel: keyof typeof pageOf, page: number) =>
    channelPlane(readPage(pages[page], name), channel, name);
  const channels = {
    microtubules: plane('microtubules', pageOf.microtubules),
    protein: plane('protein', pageOf.protein),
    nuclei: plane('nuclei', pageOf.nuclei),
    er: pageOf.er === null ? null : plane('er', pageOf.er),
  };
  return { channels, pixelUm: image.pixelUm };
}

function readDescription(pages: ReturnType<typeof decodeTiff>, name: string): OmeImage {
  return parseOmeXml(pages[0]?.imageDescription ?? '', pages.length, name);
}
