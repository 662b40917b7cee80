/** OME-TIFFs for tests, written by hand: classic TIFF, one uncompressed strip a page. */
import { join } from 'node:path';
import { CHANNELS } from '../../src/imaging/index.js';
import { findFields, readField } from '../../src/io/index.js';

export interface OmePage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/** A TIFF file of grey pages; the first bears the description. */
export function multiPageTiff(
  pages: readonly OmePage[],
  description: string | null,
  order: 'II' | 'MM' = 'II',
): Buffer {
  const little = order === 'II';
  const pieces: Buffer[] = [];
  let length = 8;
  const add = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    return length - piece.length;
  };
  const uint = (value: number, bytes: 2 | 4) => {
    const out = Buffer.alloc(bytes);
    if (little) out.writeUIntLE(value, 0, bytes);
    else out.writeUIntBE(value, 0, bytes);
    return out;
  };
  const text = Buffer.from(`${description}\0`);
  const textAt = add(text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.alloc(1)]));
  let first = 0;
  let nextAt: Buffer | null = null;
  for (const [index, { width, height, data }] of pages.entries()) {
    const wide = data instanceof Uint16Array;
    const strip = Buffer.concat([...data].map((value) => (wide ? uint(value, 2) : Buffer.from([value]))));
    const stripAt = add(strip.length % 2 === 0 ? strip : Buffer.concat([strip, Buffer.alloc(1)]));
    const entries: [tag: number, type: number, count: number, value: number][] = [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 1, wide ? 16 : 8],
      [259, 3, 1, 1],
      [262, 3, 1, 1],
      ...(index === 0 && description !== null
        ? [[270, 2, text.length, textAt] as [number, number, number, number]]
        : []),
      [273, 4, 1, stripAt],
      [277, 3, 1, 1],
      [278, 4, 1, height],
      [279, 4, 1, strip.length],
    ];
    const fields = entries.flatMap(([tag, type, count, value]) => [
      ...[uint(tag, 2), uint(type, 2), uint(count, 4)],
      // A short stands at the beginning of its four bytes.
      ...(type === 3 ? [uint(value, 2), uint(0, 2)] : [uint(value, 4)]),
    ]);
    const next = uint(0, 4);
    const at = add(Buffer.concat([uint(entries.length, 2), ...fields]));
    add(next);
    if (nextAt === null) first = at;
    else uint(at, 4).copy(nextAt);
    nextAt = next;
  }
  return Buffer.concat([Buffer.from(order), uint(42, 2), uint(first, 4), ...pieces]);
}

export interface OmeText {
  readonly width: number;
  readonly height: number;
  /** null: a channel without a name. */
  readonly names?: readonly (string | null)[];
  readonly type?: string;
  readonly sizeZ?: number;
  readonly sizeT?: number;
  /** Further attributes of Pixels. */
  readonly pixels?: string;
  /** In place of one `TiffData` for all pages. */
  readonly tiffData?: string;
}

/** A description of one image, as Bio-Formats writes it. */
export function omeXml(text: OmeText): string {
  const { width, height, names = CHANNELS, type = 'uint16', sizeZ = 1, sizeT = 1, pixels = '' } = text;
  const channels = names.map(
    (name, c) =>
      `<Channel ID="Channel:0:${c}" SamplesPerPixel="1"${name === null ? '' : ` Name="${name}"`}><LightPath/></Channel>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><!-- Warning: this comment is an OME-XML metadata block. -->' +
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:a"><Image ID="Image:0">' +
    `<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="${type}" SizeX="${width}" SizeY="${height}" SizeZ="${sizeZ}" ` +
    `SizeC="${names.length}" SizeT="${sizeT}" ${pixels}>${channels.join('')}${text.tiffData ?? '<TiffData/>'}</Pixels></Image></OME>`
  );
}

/** A field's four files as one OME-TIFF, in the order nuclei, protein, microtubules, ER. */
export async function quartetAsOmeTiff(
  folder: string,
  id: string,
  names: readonly string[] = ['DAPI', 'target', 'tubulin', 'ER'],
): Promise<Buffer> {
  const { sources } = await findFields([join(folder, `${id}_red.png`)]);
  const { channels, width, height, pixelSizeUm } = await readField(sources[0]);
  const planes = [channels.nuclei, channels.protein, channels.microtubules, channels.er];
  const pages = planes.flatMap((plane) =>
    plane === null || plane.data instanceof Float32Array ? [] : [{ width, height, data: plane.data }],
  );
  return multiPageTiff(
    pages,
    omeXml({ width, height, names, type: 'uint8', pixels: `PhysicalSizeX="${pixelSizeUm}"` }),
  );
}
