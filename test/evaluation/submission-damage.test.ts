import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkSubmission } from '../../src/evaluation/index.js';
import { encodeMask, encodeSubmissionMask } from '../../src/masks/index.js';
import { cytolocus, sharedFolder } from '../cli/harness.js';

const SAMPLE = fileURLToPath(
  new URL('../../../shared/data/hpa/tables/sample_submission2021.csv', import.meta.url),
);
const EMPTY_2048 = 'eNoLCAgIMAEABJkBdQ==';

describe.skipIf(!existsSync(SAMPLE))(
  "the competition's sample submission (skipped without ../shared/data)",
  () => {
    const folder = sharedFolder();
    const lines = existsSync(SAMPLE) ? readFileSync(SAMPLE, 'utf8').trimEnd().split('\n') : [];

    /** The sample with one line changed (null: removed), checked against the sample itself. */
    async function checkWith(line: number, change: (text: string) => string | null, end = '\n') {
      const path = join(folder, 'damaged.csv');
      const damaged = lines.flatMap((text, i) => (i === line - 1 ? (change(text) ?? []) : text));
      await writeFile(path, damaged.join('\n') + end);
      const { problems, errors, warnings } = await checkSubmission(path, SAMPLE);
      return {
        errors,
        warnings,
        found: problems.map((problem) => `${problem.line} ${problem.code}: ${problem.message}`),
      };
    }

    test('is clean', async () => {
      expect(await checkSubmission(SAMPLE, SAMPLE)).toEqual({
        problems: [],
        errors: 0,
        warnings: 0,
        rows: 559,
        detections: 559,
      });
      expect(await cytolocus('evaluate', '--check', SAMPLE)).toMatchObject({ code: 0, noted: '' });
    });

    const id = '0040581b-f1f2-4fbe-b043-b6bfea5404bb';
    const mask = (rows: number) => {
      const pixels = new Uint8Array(2048 * 2048);
      pixels.fill(1, 0, rows * 2048);
      return encodeSubmissionMask(encodeMask(pixels, 2048, 2048));
    };

    test.each<[name: string, line: number, change: (text: string) => string | null, expected: RegExp]>([
      [
        'header',
        1,
        (text) => text.replace('ImageWidth', 'Width'),
        /^1 submission-header: the header is "ID,Width,/,
      ],
      ['a field too many', 2, (text) => `${text},x`, /^2 submission-fields: 5 fields, expected 4/],
      [
        'unknown image',
        2,
        (text) => text.replace('0040', '9940'),
        /^2 submission-id: 9940581b\S+ is no known image/,
      ],
      ['image twice', 3, () => lines[1], /^3 submission-id: 0040581b\S+ is there already, in line 2/],
      [
        'size',
        2,
        (text) => text.replace('2048,2048', '2048,1728'),
        /^2 submission-size: .* size 2048 x 1728, the image has 2048 x 2048/,
      ],
      [
        'class',
        2,
        (text) => text.replace('0 1 eN', '19 1 eN'),
        /^2 submission-class: .*triple 1: class "19", expected 0 to 18/,
      ],
      [
        'confidence',
        2,
        (text) => text.replace('0 1 eN', '0 one eN'),
        /^2 submission-confidence: .*confidence "one"/,
      ],
      ['base64', 2, (text) => text.replace('eNoL', 'eN*L'), /^2 mask-base64: .*is not base64/],
      ['zlib', 2, (text) => text.replace('BdQ==', 'BdA=='), /^2 mask-zlib: .*zlib/],
      [
        'runs',
        2,
        (text) => text.replace(EMPTY_2048, 'eNoLCAjJNgIABNkBkg=='),
        /^2 mask-counts: .* runs of 2985984 pixels in all, expected 2048 x 2048/,
      ],
      [
        'half a triple',
        2,
        (text) => text.replace(EMPTY_2048, ''),
        /^2 submission-triple: .*2 words in PredictionString/,
      ],
      [
        'overlap',
        2,
        () => `${id},2048,2048,0 1 ${mask(2)} 1 0.5 ${mask(3)}`,
        /^2 submission-overlap: .* share 4096 pixels/,
      ],
    ])('%s', async (_, line, change, expected) => {
      const { found } = await checkWith(line, change);
      expect(found[0]).toMatch(expected);
      // Nothing else is blamed, but for the image whose row is gone with the damage.
      for (const other of found.slice(1)) expect(other).toMatch(/submission-id: 00\S+ has no row/);
    });

    test('a missing row, and a file that was cut short', async () => {
      expect((await checkWith(560, () => null)).found).toEqual([
        expect.stringMatching(/^559 submission-id: \S+ has no row/),
      ]);
      const { found } = await checkWith(560, (text) => text.slice(0, -9), '');
      expect(found).toEqual([expect.stringMatching(/^560 mask-/)]);
    });

    test('a quote that is not closed, bytes that are no text: said, with what stood before it checked', async () => {
      const { found } = await checkWith(560, (text) => text.replace('0 1', '"0 1'));
      expect(found[0]).toMatch(/submission-csv: .*line 560: a quoted field is not closed/);
      const path = join(folder, 'binary.csv');
      await writeFile(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x0a]));
      const { code, printed } = await cytolocus('evaluate', '--check', path);
      expect(code).toBe(1);
      expect(printed).toMatch(/not UTF-8/);
    });
  },
);
