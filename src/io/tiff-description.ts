/** The text in a TIFF file that says what it holds, which image libraries do not hand on. */
import { InputError } from '../common/index.js';

/** Reads `length` bytes of a file from `position` on; fewer where it ends. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

/** Layout of classic TIFF (TIFF 6.0, section 2) and of BigTIFF (version 43). */
const CLASSIC = { firstDirectoryAt: 4, offsetBytes: 4, countBytes: 2, entryBytes: 12 };
const BIG = { firstDirectoryAt: 8, offsetBytes: 8, countBytes: 8, entryBytes: 20 };
const VERSIONS: Readonly<Record<number, typeof CLASSIC>> = { 42: CLASSIC, 43: BIG };
const IMAGE_DESCRIPTION = 270;
const ASCII = 2;
const MOST_TAGS = 4096;
/** That of one field is some kilobytes. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * ImageDescription of a TIFF file's first page; null where there is none, or the file is no TIFF.
 * @throws InputError `image-damaged` (the file ends within it), `image-ome` (longer than 4 MiB)
 */
export async function readTiffDescription(path: string, readAt: ReadAt): Promise<string | null> {
  const head = await readAt(0, 16);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 16 || (order !== 'II' && order !== 'MM')) return null;
  const little = order === 'II';
  const uint = (bytes: Buffer, at: number, length: number) =>
    length === 8
      ? Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
      : little
        ? bytes.readUIntLE(at, length)
        : bytes.readUIntBE(at, length);
  const layout = VERSIONS[uint(head, 2, 2)];
  if (layout === undefined) return null;
  const { offsetBytes, countBytes, entryBytes } = layout;
  const whole = async (position: number, length: number) => {
    const bytes = Number.isSafeInteger(position) ? await readAt(position, length) : Buffer.alloc(0);
    if (bytes.length === length) return bytes;
    throw new InputError(
      'image-damaged',
      `${path}: the picture is cut short or damaged (its description is missing); get the file again`,
    );
  };
  const directory = uint(head, layout.firstDirectoryAt, offsetBytes);
  const tags = uint(await whole(directory, countBytes), 0, countBytes);
  const entries = await whole(directory + countBytes, Math.min(tags, MOST_TAGS) * entryBytes);
  for (let at = 0; at < entries.length; at += entryBytes) {
    if (uint(entries, at, 2) !== IMAGE_DESCRIPTION || uint(entries, at + 2, 2) !== ASCII) continue;
    const length = uint(entries, at + 4, offsetBytes);
    const value = at + 4 + offsetBytes;
    if (length > MOST_BYTES) {
      throw new InputError(
        'image-ome',
        `${path}: its description has ${length} bytes, at most ${MOST_BYTES} are read; save the image anew`,
      );
    }
    const bytes =
      length <= offsetBytes
        ? entries.subarray(value, value + length)
        : await whole(uint(entries, value, offsetBytes), length);
    return textOf(bytes);
  }
  return null;
}

/** UTF-8 as OME-XML should be, else Latin-1, which old programs write; without the zeros that end it. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return text.toString('latin1');
  }
}
