import { expect, test } from 'vitest';
import { type CellPrediction, correctedLocations, trainCsv, truthCsv } from '../../src/predict/index.js';

function cell(number: number, scores: Readonly<Record<number, number>>): CellPrediction {
  return {
    cell: number,
    box: { x: 0, y: 0, width: 1, height: 1 },
    ...{ areaUm2: 1, nucleusAreaUm2: 1, touchesEdge: false, proteinMean: 0 },
    scores: Float32Array.from({ length: 19 }, (_, location) => scores[location] ?? 0),
  };
}

const CELLS = [cell(1, { 0: 0.9, 4: 0.6 }), cell(2, { 7: 0.4 }), cell(3, { 2: 0.8 })];

test('without a correction a cell has the locations that were called', () => {
  expect([...correctedLocations(CELLS, {}, 0.5)]).toEqual([
    [1, [0, 4]],
    [2, []],
    [3, [2]],
  ]);
});

test("a person's locations take their place; a cell that is none is left out", () => {
  const corrected = correctedLocations(CELLS, { 2: { locations: [16, 7] }, 3: { deleted: true } }, 0.5);
  expect([...corrected]).toEqual([
    [1, [0, 4]],
    [2, [16, 7]],
  ]);
  expect(trainCsv('f', corrected)).toBe('ID,Label\nf,0|4|7|16\n');
  expect(truthCsv('f', corrected)).toBe('field,cell,locations\nf,1,0|4\nf,2,7|16\n');
});
