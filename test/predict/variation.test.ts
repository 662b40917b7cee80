import { expect, test } from 'vitest';
import { LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { type CellPrediction, describeVariation, measureVariation } from '../../src/predict/index.js';

function cells(entries: readonly { protein: number; shown: readonly number[] | null }[]): CellPrediction[] {
  return entries.map(({ protein, shown }, i) => ({
    cell: i + 1,
    box: { x: 0, y: 0, width: 1, height: 1 },
    areaUm2: 1,
    nucleusAreaUm2: 0,
    touchesEdge: false,
    proteinMean: protein,
    scores:
      shown === null ? null : Float32Array.from(LOCATIONS, (_, id) => (shown.includes(id) ? 0.75 : 0.25)),
  }));
}

const say = (...entries: Parameters<typeof cells>[0]) =>
  describeVariation(measureVariation(cells(entries), 0.5));

test('cells alike', () => {
  expect(say({ protein: 0.5, shown: [2] }, { protein: 0.5, shown: [2] })).toBe(
    'intensity alike (CV 0.00); places alike',
  );
});

test('cells that differ: by intensity, and by the location that divides them most evenly', () => {
  const found = measureVariation(
    cells([
      { protein: 0.1, shown: [2] },
      { protein: 0.1, shown: [2, 5] },
      { protein: 0.7, shown: [2, 5] },
      { protein: 0.3, shown: [5, 2, NEGATIVE] },
    ]),
    0.5,
  );
  expect(found.cellsAt[2]).toBe(4);
  expect([found.variedLocation, found.placeVariation]).toEqual([5, 0.75]);
  expect(found.intensityCv).toBeCloseTo(Math.sqrt(0.06) / 0.3);
  expect(describeVariation(found)).toBe(
    'intensity varies strongly (CV 0.82); Nuclear bodies in 3 of 4 cells',
  );
});

test('Negative in some cells is said as no protein there', () => {
  expect(say({ protein: 0.5, shown: [NEGATIVE] }, { protein: 0.7, shown: [] })).toBe(
    'intensity alike (CV 0.17); no protein in 1 of 2 cells',
  );
});

test('one cell, no cell, no protein and no scores: nothing is said of what is unknown', () => {
  expect(say({ protein: 0.5, shown: [1] })).toBe('');
  expect(say()).toBe('');
  expect(say({ protein: 0, shown: [1] }, { protein: 0, shown: [1] })).toBe('places alike');
  expect(say({ protein: 0.2, shown: null }, { protein: 0.2, shown: null })).toBe('intensity alike (CV 0.00)');
});
