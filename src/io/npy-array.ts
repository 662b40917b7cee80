/** NumPy's file of one array (`.npy`), of floats in C order. Source: numpy.lib.format, versions 1.0 and 2.0. */
import { InputError } from '../common/index.js';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = '\u0093NUMPY';

/** Bytes of a `.npy` file of format 1.0 with little-endian float32. */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Ten bytes before the header; header and padding end with a line feed at a multiple of 64.
  const length = Math.ceil((head.length + 11) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + 4 * data.length);
  const text = `${head.padEnd(length - 1)}\n`;
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  bytes[6] = 1;
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length, true);
  for (let i = 0; i < text.length; i++) bytes[10 + i] = text.charCodeAt(i);
  for (let i = 0; i < data.length; i++) view.setFloat32(10 + length + 4 * i, data[i], true);
  return bytes;
}

/**
 * Reads a `.npy` file of float32 or float64.
 * @param name stands in messages
 * @throws InputError `npy-unreadable`
 */
export function decodeNpy(bytes: Uint8Array, name: string): NpyArray {
  const fail = (found: string) =>
    new InputError(
      'npy-unreadable',
      `${name}: ${found}; expected a NumPy array of float32 or float64 in C order`,
    );
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== MAGIC || bytes.length < 12) throw fail('does not begin as a .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const head = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([^']+)'/.exec(head)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(head)?.[1];
  const sizes = /'shape':\s*\(([^)]*)\)/.exec(head)?.[1];
  if ((descr !== '<f4' && descr !== '<f8') || order !== 'False' || sizes === undefined) {
    throw fail(`holds ${head.trim()}`);
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const count = shape.reduce((product, size) => product * size, 1);
  const width = descr === '<f4' ? 4 : 8;
  if (bytes.length < start + length + count * width) throw fail(`ends after ${bytes.length} bytes`);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = start + length + i * width;
    data[i] = width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  return { shape, data };
}
