import { expect, test } from 'vitest';
import type { CellPrediction } from '../../src/predict/index.js';
import { filterCells, NO_FILTER } from '../../src/web/page/cell-filter.js';

function cell(number: number, scores: number[] | null): CellPrediction {
  return {
    cell: number,
    box: { x: 0, y: 0, width: 1, height: 1 },
    ...{ areaUm2: 1, nucleusAreaUm2: 1, touchesEdge: false, proteinMean: 0 },
    scores: scores && Float32Array.from(scores),
  };
}

const CELLS = [cell(1, [0.9, 0.25]), cell(2, [0.1, 0.75]), cell(3, null)];
const left = (location: number | null, leastScore: number) =>
  filterCells(CELLS, { location, leastScore }).map(({ cell }) => cell);

test('cells are left whose score of the location, or whose best one, is high enough', () => {
  expect(filterCells(CELLS, NO_FILTER)).toHaveLength(3);
  expect(left(null, 0.8)).toEqual([1]);
  expect(left(1, 0.5)).toEqual([2]);
  expect(left(1, 0.25)).toEqual([1, 2]);
});
