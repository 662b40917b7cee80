import { expect, test } from 'vitest';
import { filterCells, NO_FILTER } from '../../src/web/page/cell-filter.js';
import { cellWith } from '../predict/cells.js';

const CELLS = [cellWith(1, { 0: 0.9, 1: 0.25 }), cellWith(2, { 0: 0.1, 1: 0.75 }), cellWith(3, null)];
const left = (location: number | null, leastScore: number) =>
  filterCells(CELLS, { location, leastScore }).map(({ cell }) => cell);

test('cells are left whose score of the location, or whose best one, is high enough', () => {
  expect(filterCells(CELLS, NO_FILTER)).toHaveLength(3);
  expect(left(null, 0.8)).toEqual([1]);
  expect(left(1, 0.5)).toEqual([2]);
  expect(left(1, 0.25)).toEqual([1, 2]);
});
