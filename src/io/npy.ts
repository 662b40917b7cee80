import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../common/index.js';
import { orClose, readError, writeError } from './file.js';

/**
 * Bytes before the first row. NumPy's format 1.0 pads its header to a multiple of 64 bytes; a fixed length lets the
 * number of rows be rewritten in place, and rows be found without reading it.
 */
export const NPY_HEADER_BYTES = 128;
/** Magic, format version 1.0, and the length of the text that follows as 16 bits. */
const PREAMBLE = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, NPY_HEADER_BYTES - 10, 0);

/**
 * The header of a NumPy file of unsigned bytes, rows x `rowShape`, C order (numpy.lib.format, version 1.0).
 */
export function npyHeader(rows: number, rowShape: readonly number[]): Uint8Array {
  const shape = [rows, ...rowShape].join(', ');
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = `${text.padEnd(NPY_HEADER_BYTES - PREAMBLE.length - 1)}\n`;
  return new Uint8Array([...PREAMBLE, ...new TextEncoder().encode(padded)]);
}

/** A `.npy` file of bytes, rows x `rowShape`, that grows at its end. At every moment NumPy can open it. */
export interface NpyWriter {
  /**
   * Adds rows, one after the other; they count once this has ended.
   * @throws InputError `not-writable`
   */
  append(data: Uint8Array): Promise<void>;
  /** Waits until all is on the disk, not only in the system's memory. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a `.npy` file for appending after its first `rows` rows; what lies behind them is removed. A missing file is made.
 * @throws InputError `not-writable`
 */
export async function openNpyForAppend(
  path: string,
  rowShape: readonly number[],
  rows: number,
): Promise<NpyWriter> {
  const rowBytes = rowShape.reduce((a, b) => a * b, 1);
  let count = rows;
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (cause) {
      throw writeError(path, cause);
    }
  };
  const file = await attempt(() => open(path, rows === 0 ? 'w' : 'r+'));
  const writeHeader = () => writeAll(file, npyHeader(count, rowShape), 0);
  const begin = async () => {
    await file.truncate(NPY_HEADER_BYTES + rows * rowBytes);
    await writeHeader();
  };
  await attempt(() => orClose(file, begin()));
  return {
    append: (data) =>
      attempt(async () => {
        await writeAll(file, data, NPY_HEADER_BYTES + count * rowBytes);
        count += data.length / rowBytes;
        await writeHeader();
      }),
    sync: () => attempt(() => file.datasync()),
    close: () => attempt(() => file.close()),
  };
}

async function writeAll(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}

/** A `.npy` file of bytes that is read by rows. */
export interface NpyReader {
  /** Whole rows after the header. */
  readonly rows: number;
  /**
   * Reads successive rows from `firstRow` on, one into each target, in one request to the system.
   * @throws InputError `file-unreadable`, also where the file ends before
   */
  read(firstRow: number, targets: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a `.npy` file of bytes whose rows have the given shape. How many rows there are is taken from its length: a
 * writer that was killed may have left the header behind.
 * @throws InputError `file-missing`, `file-unreadable`, `npy-header` where it holds something else
 */
export async function openNpy(path: string, rowShape: readonly number[]): Promise<NpyReader> {
  const rowBytes = rowShape.reduce((a, b) => a * b, 1);
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      throw readError(path, cause);
    }
  };
  const file = await attempt(() => open(path, 'r'));
  try {
    const header = new Uint8Array(NPY_HEADER_BYTES);
    const { size } = await attempt(async () => {
      await file.read(header, 0, header.length, 0);
      return file.stat();
    });
    checkHeader(path, header, rowShape);
    return {
      rows: Math.max(0, Math.floor((size - NPY_HEADER_BYTES) / rowBytes)),
      read: (firstRow, targets) =>
        attempt(() => readAll(path, file, NPY_HEADER_BYTES + firstRow * rowBytes, targets)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function checkHeader(path: string, header: Uint8Array, rowShape: readonly number[]): void {
  const text = new TextDecoder('latin1').decode(header.subarray(PREAMBLE.length)).trimEnd();
  const found = /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(\d+, (.+)\), \}$/.exec(text)?.[1];
  const starts = PREAMBLE.every((byte, i) => header[i] === byte);
  if (starts && found === rowShape.join(', ')) return;
  const what = starts ? `a NumPy file with the header ${text.slice(0, 100)}` : 'no NumPy file of bytes';
  throw new InputError('npy-header', `${path}: is ${what}; expected rows of ${rowShape.join(' x ')} bytes`);
}

/** The system reads at most so many pieces at once (IOV_MAX of Linux and macOS). */
const MOST_PIECES = 1024;

async function readAll(
  path: string,
  file: FileHandle,
  position: number,
  targets: readonly Uint8Array[],
): Promise<void> {
  let at = position;
  for (let first = 0; first < targets.length; first += MOST_PIECES) {
    let pieces = targets.slice(first, first + MOST_PIECES);
    while (pieces.length > 0) {
      const { bytesRead } = await file.readv(pieces, at);
      if (bytesRead === 0) {
        throw new InputError('file-unreadable', `${path}: ends at byte ${at}, in the middle of a row`);
      }
      at += bytesRead;
      pieces = remaining(pieces, bytesRead);
    }
  }
}

/** What of the pieces is still to be filled after so many bytes. */
function remaining(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const taken = Math.min(left, piece.length);
    left -= taken;
    return taken < piece.length ? [piece.subarray(taken)] : [];
  });
}
