import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { unzlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import {
  countsFromString,
  countsToString,
  decodeMask,
  decodeSubmissionMask,
  encodeMask,
  encodeSubmissionMask,
  type Rle,
  rleArea,
  rleBox,
} from '../../src/masks/index.js';
import { drawn, type Mask, masks } from './naive.js';

const encode = ({ data, width, height }: Mask) => encodeMask(data, width, height);
const empty = (size: number): Rle => ({ width: size, height: size, counts: Uint32Array.of(size * size) });

/** Counts strings and base64 made with pycocotools and Python's zlib: see competition.md's vectors. */
const VECTORS: [name: string, rle: Rle, counts: string, base64: string][] = [
  ['middle', encode(drawn('.....', '.###.', '.###.', '.....')), '5220003', 'eNozNTIyMDAwBgAFgwFd'],
  ['empty 4x5', encode(drawn('.....', '.....', '.....', '.....')), 'd0', 'eNpLMQAAAPoAlQ=='],
  ['full 4x5', encode(drawn('#####', '#####', '#####', '#####')), '0d0', 'eNozSDEAAAGLAMU='],
  ['corner', encode(drawn('#..', '...', '...')), '018', 'eNozMLQAAAEtAJo='],
  ['empty 1728', empty(1728), 'PPTk2', 'eNoLCAjJNgIABNkBkg=='],
  ['empty 2048', empty(2048), 'PPPP4', 'eNoLCAgIMAEABJkBdQ=='],
  ['empty 3072', empty(3072), 'PPPP9', 'eNoLCAgIsAQABJ4Beg=='],
];

describe.each(VECTORS)('%s', (_, rle, counts, base64) => {
  test('counts string, both ways', () => {
    expect(countsToString(rle.counts)).toBe(counts);
    expect(countsFromString(counts, rle.width, rle.height)).toEqual(rle);
  });

  test('submission mask, both ways', () => {
    expect(decodeSubmissionMask(base64, rle.width, rle.height)).toEqual(rle);
    const ours = Buffer.from(encodeSubmissionMask(rle), 'base64');
    expect(Buffer.from(unzlibSync(ours)).toString('latin1')).toBe(counts);
  });
});

test('the disk: 252 characters of the known checksum', () => {
  const data = new Uint8Array(512 * 512);
  for (let y = 0; y < 512; y++)
    for (let x = 0; x < 512; x++) if ((y - 200) ** 2 + (x - 300) ** 2 <= 3600) data[y * 512 + x] = 1;
  const rle = encodeMask(data, 512, 512);
  const counts = countsToString(rle.counts);
  expect(rleArea(rle)).toBe(11289);
  expect(counts).toHaveLength(252);
  expect(createHash('sha256').update(counts).digest('hex')).toBe(
    'f94229b9e435e4228a6a019270d5c77da6f4d5e6f3f40abc32c71fe7b7bf9b55',
  );
});

test.each([
  [
    'eNqLi8xJM7BOTjS08DT2NfI38DfyM/Q3NMAJgJJ+RkBs7JecF5tnAADw+Q9I',
    1118,
    1600,
    663,
    { x: 468, y: 1063, width: 26, height: 28 },
  ],
  [
    'eNqLiYrLN7DNCjDMMIj0N/Iz9DcwBEIDfyN/QyA2AAsBRfxMPcKTA1MMADVADIo=',
    1600,
    1066,
    583,
    { x: 966, y: 710, width: 17, height: 44 },
  ],
])('published sample %s', (text, width, height, area, box) => {
  const rle = decodeSubmissionMask(text, width, height);
  expect(rleArea(rle)).toBe(area);
  expect(rleBox(rle)).toEqual(box);
  expect(decodeSubmissionMask(encodeSubmissionMask(rle), width, height)).toEqual(rle);
});

test('strings lead back to the same mask', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const rle = encode(mask);
      expect(countsFromString(countsToString(rle.counts), mask.width, mask.height)).toEqual(rle);
      expect(decodeMask(decodeSubmissionMask(encodeSubmissionMask(rle), mask.width, mask.height))).toEqual(
        mask.data,
      );
    }),
  );
});

test('runs of any length survive', () => {
  const runs = fc.array(fc.integer({ min: 0, max: 2 ** 26 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(runs, (values) => {
      const total = values.reduce((sum, value) => sum + value, 0);
      const text = countsToString(Uint32Array.from(values));
      expect([...countsFromString(text, total, 1).counts]).toEqual(values);
    }),
  );
});

describe('damage is named', () => {
  test.each([
    ['PPPP5', 'mask-counts', /runs of 5242880 pixels in all, expected 2048 x 2048 = 4194304/],
    ['PPPP', 'mask-counts', /ends within a number/],
    ['PP~P4', 'mask-counts', /has the character "~" at place 3/],
    ['PP P4', 'mask-counts', /has the character " " at place 3/],
    ['PPPPPPPP4', 'mask-counts', /more than 32 bits/],
    ['51N', 'mask-counts', /has a run of -2 pixels/],
  ])('counts %j', (text, code, message) => {
    expect(() => countsFromString(text, 2048, 2048)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test.each([
    ['not base64!', 'mask-base64'],
    ['eNoLCAgIMAEABJkBdQ=', 'mask-base64'],
    ['', 'mask-zlib'],
    ['AAAA', 'mask-zlib'],
    ['eNoLCAgIMAEABJkB', 'mask-zlib'],
    ['eNoLCAgIMAEABJkBdA==', 'mask-zlib'],
    ['eNoLCAgIsAQABJ4Beg==', 'mask-counts'],
  ])('submission mask %j', (text, code) => {
    expect(() => decodeSubmissionMask(text, 2048, 2048)).toThrow(
      expect.objectContaining({ name: 'InputError', code }),
    );
  });
});
