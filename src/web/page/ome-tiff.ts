import { decode as decodeTiff } from 'tiff';
import {
  assignChannels,
  channelPlane,
  type FieldOfView,
  type OmeImage,
  type PictureSamples,
  parseOmeXml,
} from '../../imaging/index.js';

/** A page of a decoded TIFF file, as a picture. */
export type PageReader = (page: ReturnType<typeof decodeTiff>[number], name: string) => PictureSamples;

/**
 * The channels of an OME-TIFF, told by their names, and what it says of a pixel's size.
 * @throws InputError `image-ome`, `image-stack`, `image-pages`, `channel-*`, and those of `readPage`
 */
export function readOmeTiff(
  bytes: Uint8Array,
  name: string,
  readPage: PageReader,
): { channels: FieldOfView['channels']; pixelUm: OmeImage['pixelUm'] } {
  const pages = decodeTiff(bytes);
  const image = parseOmeXml(pages[0]?.imageDescription ?? '', pages.length, name);
  const pageOf = assignChannels(image.channels, null, name);
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
