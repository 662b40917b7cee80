import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readTable } from '../../src/io/index.js';
import { cytolocus, temporaryFolder } from './harness.js';

const HPA = fileURLToPath(new URL('../../../shared/data/hpa', import.meta.url));

test.skipIf(!existsSync(HPA))(
  'the 47 composites of the dictionary go through (skipped without ../shared)',
  async () => {
    const out = temporaryFolder();
    const { code, printed } = await cytolocus(
      ...[
        'predict',
        join(HPA, 'dictionary'),
        '--pixel-size',
        join(HPA, 'dictionary.csv'),
        '--out',
        out,
        '--submission',
      ],
    );
    expect(code).toBe(0);
    expect(printed).toContain('47 fields done');
    const fields = await readTable(join(out, 'fields.csv'), ['field', 'cells']);
    expect(fields.rows).toHaveLength(47);
    expect(fields.rows.every((row) => Number(row.get('cells')) > 0)).toBe(true);
  },
);
