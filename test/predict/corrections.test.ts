import { expect, test } from 'vitest';
import { correctedLocations, trainCsv, truthCsv } from '../../src/predict/index.js';
import { cellWith } from './cells.js';

const CELLS = [cellWith(1, { 0: 0.9, 4: 0.6 }), cellWith(2, { 7: 0.4 }), cellWith(3, { 2: 0.8 })];

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
