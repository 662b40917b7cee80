import { unzlibSync, zlibSync } from 'fflate';
import { InputError } from '../common/index.js';
import { fromBase64, toBase64 } from './base64.js';
import { countsFromBytes, countsToString } from './counts-string.js';
import type { Rle } from './rle.js';

/** A mask as the 2021 competition's submission file wants it: COCO counts string -> zlib (level 9) -> base64. */
export function encodeSubmissionMask(rle: Rle): string {
  return toBase64(zlibSync(ENCODER.encode(countsToString(rle.counts)), { level: 9 }));
}

/**
 * The mask of a submission file's text; `width` and `height` are the image's.
 * @throws InputError `mask-base64`, `mask-zlib` (also when the checksum is wrong), `mask-counts`
 */
export function decodeSubmissionMask(text: string, width: number, height: number): Rle {
  const packed = fromBase64(text);
  if (packed === null) throw new InputError('mask-base64', `the mask "${shorten(text)}" is not base64`);
  return countsFromBytes(inflate(packed, text), width, height);
}

const ENCODER = new TextEncoder();

/** Without room to inflate into, fflate takes 128 KiB for each mask, most of the time that reading one takes. */
const scratch = new Uint8Array(1 << 16);

/** What comes back holds until the next call. */
function inflate(packed: Uint8Array, text: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = unzlibSync(packed, { out: scratch });
    // Full: what did not fit was left out.
    if (bytes.length === scratch.length) bytes = unzlibSync(packed);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError('mask-zlib', `the mask "${shorten(text)}" is not zlib data (${reason})`, { cause });
  }
  const tail = packed.subarray(-4);
  if (tail.length < 4 || new DataView(tail.buffer, tail.byteOffset).getUint32(0) !== adler32(bytes)) {
    throw new InputError('mask-zlib', `the mask "${shorten(text)}" is damaged: its zlib checksum is wrong`);
  }
  return bytes;
}

/** The checksum at the end of zlib data (RFC 1950, section 8), which fflate does not look at. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // 5552 additions are the most that stay below 2^32 without taking the remainder.
    const end = Math.min(at + 5552, bytes.length);
    for (; at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 20)}…` : text;
}
