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
  // Room for three bytes a character, as UTF-8 may need: what is not ASCII becomes codes that are refused.
  if (bytesOfText.length < 3 * text.length) bytesOfText = new Uint8Array(6 * text.length);
  const { written } = ENCODER.encodeInto(text, bytesOfText);
  return countsFromBytes(bytesOfText.subarray(0, written), width, height);
}

/**
 * As `countsFromString`, from the string's bytes.
 * @throws InputError `mask-counts`
 */
export function countsFromBytes(codes: Uint8Array, width: number, height: number): Rle {
  const counts = roomForRuns(codes.length);
  let runs = 0;
  let total = 0;
  // What is added to the next number and to the one after it.
  let beforeLast = 0;
  let last = 0;
  for (let at = 0; at < codes.length; ) {
    let bits = codes[at++] - BASE;
    // Most numbers are one character: 5 bits, sign extended.
    let value = (bits << 27) >> 27;
    if (bits >>> 0 > ONE_CHARACTER) {
      value = 0;
      let shift = 0;
      at--;
      do {
        if (at >= codes.length) throw damaged('ends within a number');
        bits = codes[at] - BASE;
        if (bits < 0 || bits > 63)
          throw damaged(`has the character ${characterAt(codes, at)} at place ${at + 1}`);
        if (shift > 30) throw damaged(`has a number of more than 32 bits at place ${at + 1}`);
        value |= (bits & 0x1f) << shift;
        shift += 5;
        at++;
      } while (bits & MORE);
      if (bits & SIGN && shift < 32) value |= -1 << shift;
    }
    value += beforeLast;
    if (value < 0) throw damaged(`has a run of ${value} pixels`);
    beforeLast = last;
    // The first number is added to none.
    last = runs === 0 ? 0 : value;
    counts[runs++] = value;
    total += value;
  }
  if (total !== width * height) {
    throw damaged(`has runs of ${total} pixels in all, expected ${width} x ${height} = ${width * height}`);
  }
  usedRuns += runs;
  return { width, height, counts: counts.subarray(0, runs) };
}

/** The greatest code of a number of one character. */
const ONE_CHARACTER = MORE - 1;
const ENCODER = new TextEncoder();
const ASCII = new TextDecoder();
/** Memory for one string, used again for the next. */
let bytesOfText = new Uint8Array(1 << 12);

/** Masks that are decoded one after the other lie in one array: memory for each takes longer to get than to fill. */
const SHARED_RUNS = 1 << 14;
let sharedRuns = new Uint32Array(0);
let usedRuns = 0;

/** Memory for at least so many runs, of which the caller adds those it keeps to `usedRuns`. */
function roomForRuns(runs: number): Uint32Array {
  if (sharedRuns.length - usedRuns < runs) {
    sharedRuns = new Uint32Array(Math.max(SHARED_RUNS, runs));
    usedRuns = 0;
  }
  return sharedRuns.subarray(usedRuns);
}

/** Quoted, as it would stand in a message. */
function characterAt(codes: Uint8Array, at: number): string {
  return JSON.stringify(ASCII.decode(codes.subarray(at, at + 4)).slice(0, 1));
}

function damaged(what: string): InputError {
  return new InputError('mask-counts', `the mask's counts string ${what}`);
}
