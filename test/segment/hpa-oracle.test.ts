import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { type FloatPlane, gaussianBlur } from '../../src/imaging/index.js';
import { decodeNpy, encodeNpy } from '../../src/io/index.js';
import { matchInstances } from '../../src/scoring/index.js';
import { HPA_NATIVE_SIZES, hpaCells } from '../../src/segment/index.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/.venv/bin/python', import.meta.url));
const ORACLE = fileURLToPath(new URL('hpa_oracle.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cytolocus-hpa-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WIDTH = 700;
const HEIGHT = 500;
/** Cells that touch and one alone; radius of the nucleus and of the cell. */
const CELLS = [
  { x: 150, y: 150, nucleus: 55, cell: 110 },
  { x: 330, y: 170, nucleus: 60, cell: 120 },
  { x: 230, y: 330, nucleus: 50, cell: 105 },
  { x: 560, y: 300, nucleus: 58, cell: 100 },
];

/** Maps as smooth as a network's, a little noisy: body inside, border where two cells meet and around them. */
function maps(part: 'nucleus' | 'cell') {
  const body = new Float32Array(WIDTH * HEIGHT);
  const border = new Float32Array(WIDTH * HEIGHT);
  const random = createRandom(part.length);
  for (let i = 0; i < body.length; i++) {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const depths = CELLS.map((cell) => 1 - Math.hypot(x - cell.x, y - cell.y) / cell[part]).sort(
      (a, b) => b - a,
    );
    const [first, second] = depths;
    if (first > 0) body[i] = 0.9 + random.range(-0.05, 0.05);
    if (Math.abs(first) < 0.06 || (second > 0 && first - second < 0.08)) {
      border[i] = 0.6;
      body[i] *= 0.4;
    }
  }
  const smooth = (data: Float32Array): FloatPlane =>
    gaussianBlur({ width: WIDTH, height: HEIGHT, bitDepth: 32, data }, 3);
  return { body: smooth(body), border: smooth(border) };
}

describe.skipIf(!existsSync(PYTHON))(`scikit-image (skipped where ${PYTHON} is absent)`, () => {
  test('the same maps give the same cells, pixel for pixel but for ties at borders', () => {
    const nuclei = maps('nucleus');
    const cells = maps('cell');
    const planes = { n1: nuclei.border, n2: nuclei.body, c1: cells.border, c2: cells.body };
    for (const [name, { data }] of Object.entries(planes))
      writeFileSync(join(folder, `${name}.npy`), encodeNpy({ shape: [HEIGHT, WIDTH], data }));
    execFileSync(PYTHON, [ORACLE, folder]);
    const expected = decodeNpy(readFileSync(join(folder, 'cells.npy')), 'cells.npy');
    const oracle = { width: WIDTH, height: HEIGHT, data: Int32Array.from(expected.data) };
    const found = hpaCells(nuclei, cells, HPA_NATIVE_SIZES);
    const match = matchInstances(oracle, found.cells, 0.97);
    expect(match).toMatchObject({ tp: CELLS.length, fp: 0, fn: 0 });
  });
});
