import { InputError } from '../common/index.js';
import type { Rle } from './rle.js';

/** Every character carries 5 bits above this code; bit 6 says that more follow. */
const BASE = 48;
const MORE = 0x20;
const SIGN = 0x10;

/**
 * COCO's compressed counts string: from the fourth run on the difference to the run before the last is stored; each
 * number in groups of 5 bits, least significant first, sign extended (cocoapi, maskApi.c, rleToString).
 */
export function countsToString(counts: Uint32Array): string {
  const codes = new Uint8Array(counts.length * 7);
  let length = 0;
  for (let i = 0; i < counts.length; i++) {
    let value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
    for (;;) {
      const bits = value & 0x1f;
      value >>= 5;
      const done = bits & SIGN ? value === -1 : value === 0;
      codes[length++] = (done ? bits : bits | MORE) + BASE;
      if (done) break;
    }
  }
  return ASCII.decode(codes.subarray(0, length));
}

/**
 * The mask that a counts string describes.
 * @throws InputError `mask-counts` for a character or number that cannot be, or when the runs do not add up to
 *   width * height
 */
export function countsFromString(text: string, width: number, height: number): Rle {
  const counts = new Uint32Array(text.length);
  let runs = 0;
  let total = 0;
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    let bits = MORE;
    while (bits & MORE) {
      if (at >= text.length) throw damaged(`ends within a number`);
      bits = text.charCodeAt(at) - BASE;
      if (bits < 0 || bits > 63)
        throw damaged(`has the character ${JSON.stringify(text[at])} at place ${at + 1}`);
      if (shift > 30) throw damaged(`has a number of more than 32 bits at place ${at + 1}`);
      value |= (bits & 0x1f) << shift;
      shift += 5;
      at++;
    }
    if (bits & SIGN && shift < 32) value |= -1 << shift;
    if (runs > 2) value += counts[runs - 2];
    if (value < 0) throw damaged(`has a run of ${value} pixels`);
    counts[runs++] = value;
    total += value;
  }
  if (total !== width * height) {
    throw damaged(`has runs of ${total} pixels in all, expected ${width} x ${height} = ${width * height}`);
  }
  return { width, height, counts: counts.slice(0, runs) };
}

const ASCII = new TextDecoder();

function damaged(what: string): InputError {
  return new InputError('mask-counts', `the mask's counts string ${what}`);
}
