import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { NEGATIVE } from '../../src/common/index.js';
import { CHANNELS, measureRegions, type Plane } from '../../src/imaging/index.js';
import { defaultSynthSettings, type SynthSettings, simulateField } from '../../src/synthetic/index.js';

const SMALL: SynthSettings = { ...defaultSynthSettings, width: 224, height: 192, pixelSizeUm: 0.36 };

function digest(settings: SynthSettings, index: number): string {
  const { field, segmentation, locations, cellLocations } = simulateField(settings, index);
  const hash = createHash('sha256');
  for (const channel of CHANNELS) {
    const plane = field.channels[channel];
    if (plane !== null) hash.update(plane.data);
  }
  hash.update(segmentation.cells.data).update(segmentation.nuclei.data);
  return hash.update(JSON.stringify([locations, cellLocations])).digest('hex');
}

test('the same settings and index give the same bytes, whatever was made before', () => {
  const first = digest(SMALL, 3);
  simulateField(SMALL, 4);
  expect(digest(SMALL, 3)).toBe(first);
});

test('another index, and another seed, give another field', () => {
  const first = digest(SMALL, 0);
  expect(digest(SMALL, 1)).not.toBe(first);
  expect(digest({ ...SMALL, seed: 2 }, 0)).not.toBe(first);
});

test('the field has the size, scale and id that were asked for', () => {
  const { field, segmentation } = simulateField({ ...SMALL, bitDepth: 16, seed: 9 }, 12);
  expect([field.id, field.width, field.height, field.pixelSizeUm]).toEqual(['synth-9-00012', 224, 192, 0.36]);
  for (const channel of CHANNELS) {
    const plane = field.channels[channel] as Plane;
    expect([plane.width, plane.height, plane.bitDepth]).toEqual([224, 192, 16]);
  }
  expect([segmentation.cells.width, segmentation.nuclei.height]).toEqual([224, 192]);
});

test('cells are numbered 1 to n in raster order, and each nucleus lies in its own cell', () => {
  for (let index = 0; index < 6; index++) {
    const { segmentation, cellLocations } = simulateField(SMALL, index);
    const seen = new Set<number>();
    segmentation.cells.data.forEach((label) => {
      if (label > 0 && !seen.has(label)) expect(label).toBe(seen.add(label).size);
    });
    expect(cellLocations.length).toBe(seen.size);
    segmentation.nuclei.data.forEach((label, i) => {
      if (label > 0 && segmentation.cells.data[i] !== label)
        throw new Error(`nucleus ${label} leaves its cell`);
    });
    const nuclei = measureRegions(segmentation.nuclei).map(({ label }) => label);
    expect(nuclei).toEqual([...seen]);
  }
});

test('every cell has one or more ascending locations, and Negative stands alone', () => {
  for (let index = 0; index < 10; index++) {
    for (const cell of simulateField(SMALL, index).cellLocations) {
      expect(cell.length).toBeGreaterThan(0);
      expect([...new Set(cell)].sort((a, b) => a - b)).toEqual(cell);
      if (cell.includes(NEGATIVE)) expect(cell).toEqual([NEGATIVE]);
    }
  }
});

test('no cells asked for gives a dark field without labels', () => {
  const { field, segmentation, cellLocations } = simulateField({ ...SMALL, cells: 0 }, 0);
  expect(cellLocations).toEqual([]);
  expect(segmentation.cells.data.every((label) => label === 0)).toBe(true);
  expect(Math.max(...field.channels.nuclei.data)).toBeLessThan(20);
});

test('DNA is bright in nuclei, ER around them', () => {
  const { field, segmentation } = simulateField({ ...SMALL, style: 'spread' }, 5);
  const { cells, nuclei } = segmentation;
  const meanWhere = (plane: Plane | null, accept: (i: number) => boolean) => {
    let sum = 0;
    let count = 0;
    plane?.data.forEach((value, i) => {
      if (!accept(i)) return;
      sum += value;
      count++;
    });
    return sum / count;
  };
  const inNucleus = (i: number) => nuclei.data[i] > 0;
  const inCytoplasm = (i: number) => cells.data[i] > 0 && nuclei.data[i] === 0;
  const outside = (i: number) => cells.data[i] === 0;
  expect(meanWhere(field.channels.nuclei, inNucleus)).toBeGreaterThan(
    5 * meanWhere(field.channels.nuclei, inCytoplasm),
  );
  expect(meanWhere(field.channels.er, inCytoplasm)).toBeGreaterThan(
    1.5 * meanWhere(field.channels.er, inNucleus),
  );
  expect(meanWhere(field.channels.microtubules, inCytoplasm)).toBeGreaterThan(
    3 * meanWhere(field.channels.microtubules, outside),
  );
});
