import { expect, test } from 'vitest';
import type { FieldOfView, FloatPlane, LabelImage, Plane } from '../../src/imaging/index.js';
import { measureRegions } from '../../src/imaging/index.js';
import type { HpaNetwork } from '../../src/networks/index.js';
import { closeLabels, fillLabelHoles, segmentByHpaPair } from '../../src/segment/index.js';

function labels(...rows: string[]): LabelImage {
  const data = Int32Array.from(rows.join(''), (letter) => (letter === '.' ? 0 : Number(letter)));
  return { width: rows[0].length, height: rows.length, data };
}
function show({ width, height, data }: LabelImage): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (label) => (label === 0 ? '.' : `${label}`)).join(
      '',
    ),
  );
}

test('closing bridges a gap that the disk spans, and no wider one', () => {
  expect(show(closeLabels(labels('11.11', '11.11', '11.11'), 1))).toEqual(['11111', '11111', '11111']);
  expect(show(closeLabels(labels('1...1', '1...1', '1...1'), 1))).toEqual(['1...1', '1...1', '1...1']);
});

test('a hole is filled where one label alone surrounds it', () => {
  expect(show(fillLabelHoles(labels('111.', '1.1.', '1111', '....')))).toEqual([
    '111.',
    '111.',
    '1111',
    '....',
  ]);
  expect(show(fillLabelHoles(labels('112', '1.2', '122')))).toEqual(['112', '1.2', '122']);
});

/** Stands for an exported network: body where the last plane is bright, border in a band of middle brightness. */
const NETWORK: HpaNetwork = {
  async run([, , plane]) {
    const map = (value: (x: number) => number): FloatPlane => ({ ...plane, data: plane.data.map(value) });
    return { border: map((x) => (x > 0.2 && x < 0.4 ? 0.9 : 0)), body: map((x) => (x >= 0.4 ? 0.95 : 0)) };
  },
  release: async () => {},
};
const PAIR = { nuclei: NETWORK, cells: NETWORK };

/** Bright disks in a grid, 8 um across, 14 um apart. */
function disks(columns: number, rows: number, pixelSizeUm: number): FieldOfView {
  const width = Math.round((14 * columns) / pixelSizeUm);
  const height = Math.round((14 * rows) / pixelSizeUm);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const x = (((i % width) + 0.5) * pixelSizeUm) % 14;
    const y = ((Math.floor(i / width) + 0.5) * pixelSizeUm) % 14;
    data[i] = Math.hypot(x - 7, y - 7) < 4.5 ? 250 : 0;
  }
  const plane: Plane = { width, height, bitDepth: 8, data };
  return {
    id: 'f',
    width,
    height,
    pixelSizeUm,
    channels: { microtubules: plane, protein: plane, nuclei: plane, er: null },
  };
}

test.each([
  { compat: true, columns: 4, rows: 3, pixelSizeUm: 0.08 },
  { compat: false, columns: 20, rows: 14, pixelSizeUm: 0.32 },
])(
  'compat $compat: $columns x $rows cells keep their way round, and numbers do not wrap',
  async ({ compat, columns, rows, pixelSizeUm }) => {
    const field = disks(columns, rows, pixelSizeUm);
    const { cells, nuclei } = await segmentByHpaPair(field, PAIR, compat);
    expect([cells.width, cells.height]).toEqual([field.width, field.height]);
    const regions = measureRegions(cells);
    expect(regions).toHaveLength(columns * rows);
    expect(measureRegions(nuclei).map(({ label }) => label)).toEqual(regions.map(({ label }) => label));
    const { x, width } = regions[columns - 1].box;
    expect(x + width / 2).toBeGreaterThan(field.width - 14 / field.pixelSizeUm);
    nuclei.data.forEach((label, i) => {
      if (label !== 0) expect(cells.data[i]).toBe(label);
    });
  },
);

test('at another scale compat loses cells, as the original does; without it they are the same', async () => {
  const field = disks(4, 3, 0.32);
  expect(measureRegions((await segmentByHpaPair(field, PAIR, false)).cells)).toHaveLength(12);
  expect(measureRegions((await segmentByHpaPair(field, PAIR, true)).cells)).toHaveLength(0);
});
