import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureRegions } from '../../src/imaging/index.js';
import { findFields, readField, readPixelSizes, readTable } from '../../src/io/index.js';
import { segmentClassical } from '../../src/segment/index.js';

const HPA = fileURLToPath(new URL('../../../shared/data/hpa', import.meta.url));
/**
 * Nuclei counted by eye in the pictures' blue channel (red and green where it is dark), before ours were seen: bodies of their own, whole or cut off by
 * the border; of cut-off nuclei of which less than some 16 um2 is left `slivers` is the number, not counted. Micronuclei, fragments and specks are not
 * counted, lobes count as one.
 */
const COUNTS = fileURLToPath(new URL('data/dictionary-nuclei.csv', import.meta.url));
/** For the two pictures whose scale bar is not known: that of most others. */
const USUAL_PIXEL_UM = '0.0847';

test.skipIf(!existsSync(HPA))(
  'dictionary pictures: as many nuclei as counted by eye, give or take one, in at least 40 of 47 (skipped without ../shared)',
  async () => {
    const counts = await readTable(COUNTS, ['ID', 'nuclei']);
    const scales = await readTable(`${HPA}/dictionary.csv`, ['ID', 'pixel_size_um']);
    const pixelUm = new Map(scales.rows.map((row) => [row.get('ID'), row.get('pixel_size_um')]));
    const { sources } = await findFields([`${HPA}/dictionary`]);
    const off: string[] = [];
    for (const row of counts.rows) {
      const id = row.get('ID');
      const source = sources.find((candidate) => candidate.id === id);
      if (source === undefined) throw new Error(`${id} is not there`);
      const field = await readField(source, await readPixelSizes(pixelUm.get(id) || USUAL_PIXEL_UM));
      const found = measureRegions(segmentClassical(field).nuclei).length;
      const counted = Number(row.get('nuclei'));
      if (Math.abs(found - counted) > 1) off.push(`${id}: ours ${found}, counted ${counted}`);
    }
    expect(counts.rows.length).toBe(47);
    expect(off.length, off.join('; ')).toBeLessThanOrEqual(7);
  },
);
