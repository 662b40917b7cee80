import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import {
  type FieldOfView,
  measureRegions,
  type Plane,
  resizeArea,
  type Segmentation,
} from '../../src/imaging/index.js';
import { findFields, readField, readLabelPng, readPixelSizes } from '../../src/io/index.js';
import { matchInstances } from '../../src/scoring/index.js';
import { segmentClassical } from '../../src/segment/index.js';

interface Disk {
  xUm: number;
  yUm: number;
  nucleusUm: number;
  cellUm: number;
}

const TWO_AND_ONE: Disk[] = [
  { xUm: 20, yUm: 30, nucleusUm: 7, cellUm: 13 },
  { xUm: 42, yUm: 30, nucleusUm: 7, cellUm: 13 },
  { xUm: 30, yUm: 75, nucleusUm: 6, cellUm: 14 },
];

/** A field of round cells, 60 x 100 um, with noise; cytoplasm fades towards the rim. */
function disks(
  list: Disk[],
  pixelSizeUm: number,
  { level = 200, noise = 4, offset = 0, er = true, microtubules = true } = {},
): FieldOfView {
  const width = Math.round(60 / pixelSizeUm);
  const height = Math.round(100 / pixelSizeUm);
  const random = createRandom(1);
  const paint = (brightness: (disk: Disk, distanceUm: number) => number): Plane => {
    const data = new Uint8Array(width * height);
    for (let i = 0; i < data.length; i++) {
      const x = ((i % width) + 0.5) * pixelSizeUm;
      const y = (Math.floor(i / width) + 0.5) * pixelSizeUm;
      const value = Math.max(0, ...list.map((d) => brightness(d, Math.hypot(x - d.xUm, y - d.yUm))));
      data[i] = Math.max(0, Math.min(255, value * level + offset + random.normal(0, noise)));
    }
    return { width, height, bitDepth: 8, data };
  };
  const cytoplasm = () => paint((d, r) => (r < d.cellUm ? 1 - (0.7 * r) / d.cellUm : 0));
  const black: Plane = { width, height, bitDepth: 8, data: new Uint8Array(width * height) };
  return {
    id: 'disks',
    width,
    height,
    pixelSizeUm,
    channels: {
      microtubules: microtubules ? cytoplasm() : black,
      protein: black,
      nuclei: paint((d, r) => (r < d.nucleusUm ? 1 : 0)),
      er: er ? cytoplasm() : null,
    },
  };
}

function areasUm2(labels: Segmentation['cells'], pixelSizeUm: number): number[] {
  return measureRegions(labels).map(({ areaPx }) => areaPx * pixelSizeUm ** 2);
}

/** What must hold of every segmentation. */
function expectSound({ cells, nuclei }: Segmentation, field: FieldOfView): void {
  expect([cells.width, cells.height, nuclei.width, nuclei.height]).toEqual([
    field.width,
    field.height,
    field.width,
    field.height,
  ]);
  const numbers = measureRegions(cells).map(({ label }) => label);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect(measureRegions(nuclei).map(({ label }) => label)).toEqual(numbers);
  expect(nuclei.data.every((label, i) => label === 0 || cells.data[i] === label)).toBe(true);
}

test('three round cells, two of them touching: numbers, areas and the border between them', () => {
  const field = disks(TWO_AND_ONE, 0.32);
  const out = segmentClassical(field);
  expectSound(out, field);
  const nuclei = areasUm2(out.nuclei, 0.32);
  expect(nuclei.length).toBe(3);
  for (const area of nuclei.slice(0, 2)) expect(Math.abs(area / (Math.PI * 7 ** 2) - 1)).toBeLessThan(0.12);
  const cells = areasUm2(out.cells, 0.32);
  expect(Math.abs(cells[2] / (Math.PI * 14 ** 2) - 1)).toBeLessThan(0.12);
  // Left and right of the middle between the two nuclei, at 31 um.
  const row = Math.round(30 / 0.32) * field.width;
  expect(out.cells.data[row + Math.round(29.5 / 0.32)]).toBe(1);
  expect(out.cells.data[row + Math.round(32.5 / 0.32)]).toBe(2);
});

test.each([0.08, 0.16, 0.5, 0.64])('the same cells at %s um a pixel', (pixelSizeUm) => {
  const reference = areasUm2(segmentClassical(disks(TWO_AND_ONE, 0.32)).cells, 0.32);
  const field = disks(TWO_AND_ONE, pixelSizeUm);
  const out = segmentClassical(field);
  expectSound(out, field);
  const areas = areasUm2(out.cells, pixelSizeUm);
  expect(areas.length).toBe(reference.length);
  areas.forEach((area, i) => {
    expect(Math.abs(area / reference[i] - 1)).toBeLessThan(0.1);
  });
});

test('dim fields, an offset, a missing ER: the same cells', () => {
  for (const options of [{ level: 12, noise: 0.5 }, { level: 100, offset: 30 }, { er: false }]) {
    expect(measureRegions(segmentClassical(disks(TWO_AND_ONE, 0.32, options)).cells).length).toBe(3);
  }
});

test('without any cytoplasm a cell is what lies within 5 um of its nucleus', () => {
  const field = disks(TWO_AND_ONE.slice(2), 0.32, { er: false, microtubules: false });
  const out = segmentClassical(field);
  expectSound(out, field);
  expect(Math.abs(areasUm2(out.cells, 0.32)[0] / (Math.PI * 11 ** 2) - 1)).toBeLessThan(0.1);
});

test('the protein has no say', () => {
  const field = disks(TWO_AND_ONE, 0.32);
  const flooded = { ...field, channels: { ...field.channels, protein: field.channels.microtubules } };
  expect(segmentClassical(flooded)).toEqual(segmentClassical(field));
});

test('a nucleus with its cell cut by the border is kept, crumbs of 2 um are not', () => {
  const field = disks(
    [
      { xUm: 1, yUm: 30, nucleusUm: 7, cellUm: 13 },
      { xUm: 40, yUm: 60, nucleusUm: 2, cellUm: 2.5 },
    ],
    0.32,
  );
  const regions = measureRegions(segmentClassical(field).cells);
  expect(regions.map(({ touchesEdge }) => touchesEdge)).toEqual([true]);
});

test.each([
  [1, 1],
  [1, 5000],
  [700, 3],
  [300, 200],
])('black and white images of %s x %s pixels have no cells', (width, height) => {
  for (const value of [0, 255]) expectNoCells(width, height, () => value);
});

test('noise alone has no cells', () => {
  const random = createRandom(2);
  expectNoCells(300, 200, () => Math.max(0, 20 + random.normal(0, 6)));
  expectNoCells(300, 200, () => Math.max(0, random.normal(0, 1)));
});

function expectNoCells(width: number, height: number, value: () => number): void {
  const plane = (): Plane => ({
    width,
    height,
    bitDepth: 8,
    data: Uint8Array.from({ length: width * height }, value),
  });
  const channels = { microtubules: plane(), protein: plane(), nuclei: plane(), er: plane() };
  const field = { id: 'none', width, height, pixelSizeUm: 0.08, channels };
  const out = segmentClassical(field);
  expectSound(out, field);
  expect(measureRegions(out.cells)).toEqual([]);
}

const DATA = '../shared/data/hpa';
const MASKED = ['5c27f04c-bb99-11e8-b2b9-ac1f6b6435d0', 'a7faf0b4-bb99-11e8-b2b9-ac1f6b6435d0'];

test.skipIf(!existsSync(DATA))(
  'real fields with masks: AP at IoU 0.6 of at least 0.60 (skipped without ../shared/data)',
  async () => {
    const pixelSizes = await readPixelSizes('0.08');
    const { sources } = await findFields([join(DATA, 'fov')]);
    let found = 0;
    let all = 0;
    for (const source of sources.filter(({ id }) => MASKED.includes(id))) {
      const field = await readField(source, pixelSizes);
      const truth = await readLabelPng(join(DATA, 'masks', `${source.id}_cellmask.png`));
      const out = segmentClassical(field);
      expectSound(out, field);
      const { tp, fp, fn } = matchInstances(truth, out.cells, 0.6);
      found += tp;
      all += tp + fp + fn;
    }
    expect(all).toBeGreaterThanOrEqual(18);
    expect(found / all).toBeGreaterThanOrEqual(0.6);
  },
);

test.skipIf(!existsSync(DATA))(
  'a dense real field at half the resolution: as many cells within a tenth (skipped without ../shared/data)',
  async () => {
    const { sources } = await findFields([join(DATA, 'fov')]);
    const source = sources.find(({ id }) => id.startsWith('837e738c'));
    expect(source).toBeDefined();
    if (!source) return;
    const field = await readField(source, await readPixelSizes('0.32'));
    const halve = (plane: Plane) => resizeArea(plane, field.width / 2, field.height / 2);
    const { microtubules, protein, nuclei, er } = field.channels;
    const half = segmentClassical({
      id: field.id,
      width: field.width / 2,
      height: field.height / 2,
      pixelSizeUm: 0.64,
      channels: {
        microtubules: halve(microtubules),
        protein: halve(protein),
        nuclei: halve(nuclei),
        er: er && halve(er),
      },
    });
    const whole = measureRegions(segmentClassical(field).cells).length;
    expect(whole).toBeGreaterThan(25);
    expect(Math.abs(measureRegions(half.cells).length / whole - 1)).toBeLessThanOrEqual(0.1);
  },
);
