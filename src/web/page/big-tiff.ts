/** BigTIFF (https://www.awaresystems.be/imaging/tiff/bigtiff.html) for a decoder that knows classic TIFF only. */

const BIG = 43;
const LONG = 4;
const LONG8 = 16;
/** Of a classic directory. */
const MOST_ENTRIES = 0xffff;
/** Bytes of a value, by the type's number in TIFF 6.0. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Whether the file begins as a TIFF does, classic or big. */
export function isTiff(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if (first !== second || (first !== 0x49 && first !== 0x4d)) return false;
  const [low, high] = first === 0x49 ? [third, fourth] : [fourth, third];
  return (low === 42 || low === BIG) && high === 0;
}

/**
 * A BigTIFF's pixels and values where they are, with directories of classic TIFF behind them; another file as it is. Entries of
 * the further types of BigTIFF other than LONG8 are left out: they lead to smaller copies of the picture.
 * @throws RangeError where a directory lies outside the file, or one leads to itself
 */
export function classicTiff(bytes: Uint8Array): Uint8Array {
  const old = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  if (!isTiff(bytes) || old.getUint16(2, little) !== BIG) return bytes;
  const long8 = (at: number) => {
    const value = Number(old.getBigUint64(at, little));
    if (value < 2 ** 32) return value;
    throw new RangeError(`a number of ${value} is beyond classic TIFF`);
  };

  const added: Uint8Array[] = [];
  let length = bytes.length;
  /** Appends a piece at an even place, as TIFF asks. */
  const append = (size: number): { at: number; view: DataView } => {
    const gap = length % 2;
    const piece = new Uint8Array(gap + size);
    added.push(piece);
    length += piece.length;
    return { at: length - size, view: new DataView(piece.buffer, gap) };
  };

  function copyEntry(from: number, view: DataView, to: number): void {
    const type = old.getUint16(from + 2, little);
    const count = long8(from + 4);
    const size = (type === LONG8 ? 8 : TYPE_BYTES[type]) * count;
    const values = size <= 8 ? from + 12 : long8(from + 12);
    if (values + size > bytes.length) throw new RangeError('values of a directory lie outside the file');
    view.setUint16(to, old.getUint16(from, little), little);
    view.setUint16(to + 2, type === LONG8 ? LONG : type, little);
    view.setUint32(to + 4, count, little);
    if (type !== LONG8 && size > 8) {
      view.setUint32(to + 8, values, little);
      return;
    }
    const newSize = type === LONG8 ? size / 2 : size;
    let target = new DataView(view.buffer, view.byteOffset + to + 8, 4);
    if (newSize > 4) {
      const place = append(newSize);
      view.setUint32(to + 8, place.at, little);
      target = place.view;
    }
    if (type === LONG8) {
      for (let i = 0; i < count; i++) target.setUint32(4 * i, long8(values + 8 * i), little);
    } else {
      for (let i = 0; i < size; i++) target.setUint8(i, bytes[values + i]);
    }
  }

  /** @returns where the next directory of the BigTIFF lies; 0: there is none */
  function copyDirectory(from: number, link: (at: number) => void): { next: number; view: DataView } {
    const count = long8(from);
    if (count > MOST_ENTRIES || from + 16 + 20 * count > bytes.length) {
      throw new RangeError('a directory lies outside the file');
    }
    const entries = Array.from({ length: count }, (_, i) => from + 8 + 20 * i).filter((at) => {
      const type = old.getUint16(at + 2, little);
      return type === LONG8 || (type > 0 && type < TYPE_BYTES.length);
    });
    const { at, view } = append(2 + 12 * entries.length + 4);
    link(at);
    view.setUint16(0, entries.length, little);
    for (const [i, entry] of entries.entries()) copyEntry(entry, view, 2 + 12 * i);
    return { next: long8(from + 8 + 20 * count), view };
  }

  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, old.getUint16(0), false);
  head.setUint16(2, 42, little);
  let link = (at: number) => head.setUint32(4, at, little);
  const seen = new Set<number>();
  for (let from = long8(8); from !== 0; ) {
    if (seen.has(from)) throw new RangeError('a directory leads back to an earlier one');
    seen.add(from);
    const { next, view } = copyDirectory(from, link);
    link = (at) => view.setUint32(view.byteLength - 4, at, little);
    from = next;
  }

  const out = new Uint8Array(length);
  out.set(bytes);
  out.set(new Uint8Array(head.buffer));
  let at = bytes.length;
  for (const piece of added) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
