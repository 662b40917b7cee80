import { expect, test } from 'vitest';
import { createRandom, LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { drawCellLocations, drawFieldLocations, SPINDLE, sharesFor } from '../../src/synthetic/labels.js';

const FIELDS = 6000;

function drawFields(labels: 'natural' | 'balanced'): number[][] {
  const random = createRandom(5);
  const settings = { ...defaultSynthSettings, labels };
  return Array.from({ length: FIELDS }, (_, i) => drawFieldLocations(random.fork(i), settings));
}

function shareWith(fields: number[][], id: number): number {
  return fields.filter((locations) => locations.includes(id)).length / fields.length;
}

test('natural labels are as frequent as in the training table', () => {
  const fields = drawFields('natural');
  // train2021.csv, of 21,806 rows: Nucleoplasm 8,797, Cytosol 5,685, Mitochondria 2,013, spindle 78.
  expect(shareWith(fields, 0)).toBeCloseTo(0.403, 1);
  expect(shareWith(fields, 16)).toBeCloseTo(0.261, 1);
  expect(shareWith(fields, 14)).toBeCloseTo(0.092, 1);
  expect(shareWith(fields, SPINDLE)).toBeLessThan(0.02);
  expect(fields.filter(({ length }) => length === 1).length / FIELDS).toBeCloseTo(0.48, 1);
  expect(Math.max(...fields.map(({ length }) => length))).toBeGreaterThanOrEqual(4);
});

test('balanced labels give every location about the same share', () => {
  const fields = drawFields('balanced');
  const shares = LOCATIONS.map((_, id) => shareWith(fields, id)).slice(0, NEGATIVE);
  expect(Math.min(...shares)).toBeGreaterThan(0.06);
  expect(Math.max(...shares)).toBeLessThan(0.13);
});

test('labels come from the allowed locations only, at most as many as allowed', () => {
  const random = createRandom(1);
  const settings = { ...defaultSynthSettings, locations: [3, 7, 9], maxLocations: 2 };
  for (let i = 0; i < 200; i++) {
    const locations = drawFieldLocations(random.fork(i), settings);
    expect(locations.every((id) => [3, 7, 9].includes(id))).toBe(true);
    expect(locations.length).toBeLessThanOrEqual(2);
  }
});

test('a location that the table never has alone can still be asked for alone', () => {
  const settings = { ...defaultSynthSettings, locations: [NEGATIVE], maxLocations: 1 };
  expect(drawFieldLocations(createRandom(1), settings)).toEqual([NEGATIVE]);
});

test('over natural fields, cells differ from the label as hand-labelled cells do, within 10 %', () => {
  const random = createRandom(8);
  const { labelNoise } = defaultSynthSettings;
  const counts = { exact: 0, part: 0, none: 0, other: 0 };
  drawFields('natural').forEach((locations, i) => {
    if (locations.includes(NEGATIVE)) return;
    const cells = drawCellLocations(random.fork(i), labelNoise, locations, new Array(14).fill(false));
    for (const cell of cells) {
      if (cell.join() === locations.join()) counts.exact++;
      else if (cell.includes(NEGATIVE)) counts.none++;
      else if (cell.every((id) => locations.includes(id))) counts.part++;
      else counts.other++;
    }
  });
  const total = counts.exact + counts.part + counts.none + counts.other;
  for (const kind of ['exact', 'part', 'none', 'other'] as const) {
    const ratio = counts[kind] / total / labelNoise[kind];
    expect(ratio, kind).toBeGreaterThan(0.9);
    expect(ratio, kind).toBeLessThan(1.1);
  }
});

test.each([1, 2, 3])('the shares for %d locations are shares', (count) => {
  const { exact, part, none, other } = sharesFor(defaultSynthSettings.labelNoise, count);
  expect(exact + part + none + other).toBeCloseTo(1, 6);
  expect(Math.min(exact, part, none, other)).toBeGreaterThanOrEqual(0);
  if (count === 1) expect(part).toBe(0);
});

test('every location of a field is shown by some cell', () => {
  const random = createRandom(2);
  const none = { exact: 0, part: 0, none: 1, other: 0 };
  const cells = drawCellLocations(random, none, [0, 7, 14], [false, false]);
  expect(new Set(cells.flat().filter((id) => id !== NEGATIVE))).toEqual(new Set([0, 7, 14]));
});

test('only dividing cells show the spindle, and nothing else of the field', () => {
  const exact = { exact: 1, part: 0, none: 0, other: 0 };
  const cells = drawCellLocations(createRandom(3), exact, [0, SPINDLE], [true, false, false]);
  expect(cells).toEqual([[SPINDLE], [0], [0]]);
});
