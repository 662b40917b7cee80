import { expect, test } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import {
  cellColumns,
  cellRow,
  fieldColumns,
  fieldRow,
  measureVariation,
  summarizeScores,
} from '../../src/predict/index.js';

const cell = {
  cell: 3,
  box: { x: 10, y: 20, width: 30, height: 40 },
  areaUm2: 123.456,
  nucleusAreaUm2: 0,
  touchesEdge: true,
  proteinMean: 0.25,
};

test('cells.csv has the columns of the design, one a location, and what follows from them', () => {
  expect(cellColumns(true).join(',')).toBe(
    `field,cell,x,y,width,height,area_um2,touches_edge,nucleus_area_um2,${LOCATIONS.join(',')},` +
      'protein_mean,verdict,top,top_score,runner_up,runner_up_score',
  );
  const scores = new Float32Array(19).fill(1 / 3);
  scores[5] = 0.75;
  const row = cellRow('a', { ...cell, scores }, 0.5);
  expect(row.slice(0, 10)).toEqual(['a', '3', '10', '20', '30', '40', '123.5', '1', '0.0', '0.3333']);
  expect(row.slice(28)).toEqual(['0.2500', 'located', LOCATIONS[5], '0.7500', LOCATIONS[0], '0.3333']);
  expect(row).toHaveLength(cellColumns(true).length);
});

test('a cell that was only segmented has no score columns', () => {
  const row = cellRow('a', { ...cell, scores: null }, 0.5);
  expect(row).toHaveLength(cellColumns(false).length);
  expect(row.at(-1)).toBe('0.2500');
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
  const scores = new Float32Array(19).fill(0.5);
  const cells = [0.1, 0.3].map((proteinMean) => ({ ...cell, scores, proteinMean }));
  const variation = measureVariation(cells, 0.5);
  const row = fieldRow({ ...facts, scores: summarizeScores([scores]), variation });
  expect(row.slice(0, 8)).toEqual(['a', '512', '256', '0.32', 'assumed', '2', '1.23', '0.5000']);
  expect(row.slice(-4)).toEqual(['0.0000', '0.5000', '0.0000', 'intensity varies (CV 0.50); places alike']);
  expect(row).toHaveLength(fieldColumns(true).length);
  expect(fieldRow({ ...facts, scores: null, variation })).toHaveLength(fieldColumns(false).length);
});
