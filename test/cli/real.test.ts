import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readLabelPng, readTable } from '../../src/io/index.js';
import { cytolocus, temporaryFolder } from './harness.js';

const FOV = fileURLToPath(new URL('../../../shared/data/hpa/fov', import.meta.url));

/** Size of each real field, which its outputs must have. */
const SIZES = {
  '5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0': 2048,
  '89_B5_1': 1728,
  '837e738c-bba8-11e8-b2ba-ac1f6b6435d0': 512,
  'a7faf0b4-bb99-11e8-b2b9-ac1f6b6435d0': 3072,
  B2AI_1_Paclitaxel_C1_R1_z01: 2048,
  B2AI_1_Paclitaxel_C1_R2_z01: 2048,
};

test.skipIf(!existsSync(FOV))(
  'predict does the six real fields, PNG and JPEG (skipped without ../shared)',
  async () => {
    const out = temporaryFolder();
    const { code, noted } = await cytolocus('predict', FOV, '--out', out, '--submission', '--overlay');
    expect(code).toBe(0);
    expect(noted).toMatch(/6 fields taken at the atlas's scale/);
    const cells = await readTable(join(out, 'cells.csv'), ['field']);
    const fields = await readTable(join(out, 'fields.csv'), ['field', 'width', 'height', 'cells']);
    const submission = await readTable(join(out, 'submission.csv'), ['ID', 'ImageWidth', 'ImageHeight']);
    expect(fields.rows.map((row) => row.get('field')).sort()).toEqual(Object.keys(SIZES).sort());
    for (const row of fields.rows) {
      const id = row.get('field');
      const size = SIZES[id as keyof typeof SIZES];
      expect([row.get('width'), row.get('height')]).toEqual([`${size}`, `${size}`]);
      expect(cells.rows.filter((cell) => cell.get('field') === id)).toHaveLength(Number(row.get('cells')));
      for (const name of ['cells.png', 'nuclei.png']) {
        expect(await readLabelPng(join(out, id, name))).toMatchObject({ width: size, height: size });
      }
      const line = submission.rows.find((entry) => entry.get('ID') === id);
      expect([line?.get('ImageWidth'), line?.get('ImageHeight')]).toEqual([`${size}`, `${size}`]);
    }
  },
);
