import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { cellColumns, cellRow, fieldColumns, fieldRow, summarizeScores } from '../../src/predict/index.js';

const cell = {
  cell: 3,
  box: { x: 10, y: 20, width: 30, height: 40 },
  areaUm2: 123.456,
  nucleusAreaUm2: 0,
  touchesEdge: true,
};

test('cells.csv has the columns of the design, one a location at the end', () => {
  expect(cellColumns(true).join(',')).toBe(
    `field,cell,x,y,width,height,area_um2,touches_edge,nucleus_area_um2,${LOCATIONS.join(',')}`,
  );
  const row = cellRow('a', { ...cell, scores: new Float32Array(19).fill(1 / 3) });
  expect(row.slice(0, 10)).toEqual(['a', '3', '10', '20', '30', '40', '123.5', '1', '0.0', '0.3333']);
  expect(row).toHaveLength(cellColumns(true).length);
});

test('a cell that was only segmented has no score columns', () => {
  expect(cellRow('a', { ...cell, scores: null })).toHaveLength(cellColumns(false).length);
});

test('fields.csv has the mean and the variation of each location', () => {
  const facts = {
    field: 'a',
    width: 512,
    height: 256,
    pixelSizeUm: 163.84 / 512,
    pixelSizeSource: 'assumed',
    cells: 2,
    seconds: 1.234,
  };
  const row = fieldRow({ ...facts, scores: summarizeScores([new Float32Array(19).fill(0.5)]) });
  expect(row.slice(0, 8)).toEqual(['a', '512', '256', '0.32', 'assumed', '2', '1.23', '0.5000']);
  expect(row.at(-1)).toBe('0.0000');
  expect(row).toHaveLength(fieldColumns(true).length);
  expect(fieldRow({ ...facts, scores: null })).toHaveLength(fieldColumns(false).length);
});
