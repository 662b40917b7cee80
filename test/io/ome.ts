/** OME-TIFFs for tests, written by hand: classic TIFF, one uncompressed strip a page. */
import { join } from 'node:path';
import { CHANNELS } from '../../src/imaging/index.js';
import { findFields, readField } from '../../src/io/index.js';

export interface OmePage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

interface TiffValue {
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/**
 * A TIFF file of grey pages; the first bears the description.
 * @param kind `big`: a BigTIFF with a strip for each row, whose offsets have 64 bits
 */
export function multiPageTiff(
  pages: readonly OmePage[],
  description: string | null,
  order: 'II' | 'MM' = 'II',
  kind: 'classic' | 'big' = 'classic',
): Buffer {
  const little = order === 'II';
  const big = kind === 'big';
  /** Bytes of an offset, and of a value that stands in its entry. */
  const wide = big ? 8 : 4;
  const pieces: Buffer[] = [];
  let length = big ? 16 : 8;
  const add = (piece: Buffer) => {
    pieces.push(piece.length % 2 === 0 ? piece : Buffer.concat([piece, Buffer.alloc(1)]));
    length += piece.length + (piece.length % 2);
    return length - piece.length - (piece.length % 2);
  };
  const uint = (value: number, bytes: 2 | 4 | 8) => {
    const out = Buffer.alloc(bytes);
    if (bytes === 8) little ? out.writeBigUInt64LE(BigInt(value)) : out.writeBigUInt64BE(BigInt(value));
    else little ? out.writeUIntLE(value, 0, bytes) : out.writeUIntBE(value, 0, bytes);
    return out;
  };
  const TYPE_BYTES = { 3: 2, 4: 4, 16: 8 } as const;
  const numbers = (type: 3 | 4 | 16, ...values: number[]): TiffValue => ({
    type,
    count: values.length,
    bytes: Buffer.concat(values.map((value) => uint(value, TYPE_BYTES[type]))),
  });
  const text = Buffer.from(`${description}\0`);
  let first = 0;
  let nextAt: Buffer | null = null;
  for (const [index, { width, height, data }] of pages.entries()) {
    const sampleBytes = data instanceof Uint16Array ? 2 : 1;
    const rows = big ? 1 : height;
    const strips: number[] = [];
    const sizes: number[] = [];
    for (let start = 0; start < data.length; start += rows * width) {
      const values = [...data.subarray(start, start + rows * width)];
      const strip = values.map((value) => (sampleBytes === 2 ? uint(value, 2) : Buffer.from([value])));
      strips.push(add(Buffer.concat(strip)));
      sizes.push(values.length * sampleBytes);
    }
    const entries: [tag: number, value: TiffValue][] = [
      [256, numbers(4, width)],
      [257, numbers(4, height)],
      [258, numbers(3, 8 * sampleBytes)],
      [259, numbers(3, 1)],
      [262, numbers(3, 1)],
      ...(index === 0 && description !== null
        ? [[270, { type: 2, count: text.length, bytes: text }] as [number, TiffValue]]
        : []),
      [273, numbers(big ? 16 : 4, ...strips)],
      [277, numbers(3, 1)],
      [278, numbers(4, rows)],
      [279, numbers(big ? 16 : 4, ...sizes)],
    ];
    const fields = entries.flatMap(([tag, { type, count, bytes }]) => [
      ...[uint(tag, 2), uint(type, 2), uint(count, wide)],
      // A short value stands at the beginning of the entry's last bytes.
      bytes.length <= wide
        ? Buffer.concat([bytes, Buffer.alloc(wide - bytes.length)])
        : uint(add(bytes), wide),
    ]);
    const next = uint(0, wide);
    const at = add(Buffer.concat([uint(entries.length, big ? 8 : 2), ...fields]));
    add(next);
    if (nextAt === null) first = at;
    else uint(at, wide).copy(nextAt);
    nextAt = next;
  }
  const head = big ? [uint(43, 2), uint(8, 2), uint(0, 2)] : [uint(42, 2)];
  return Buffer.concat([Buffer.from(order), ...head, uint(first, wide), ...pieces]);
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
  kind: 'classic' | 'big' = 'classic',
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
    'II',
    kind,
  );
}
