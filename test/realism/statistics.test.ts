import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import { type CellShape, measureShapes } from '../../src/realism/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { layOutCells } from '../../src/synthetic/layout.js';
import { cropLabels } from '../../src/synthetic/truth.js';

/**
 * Measured on the 328 masks of cells/masks (5,090 cells), reduced to 0.16 um a pixel, by scikit-image 0.26; neighbours
 * within 1 um.
 */
const REAL = {
  medianAreaUm2: 773,
  meanAreaUm2: 905,
  medianElongation: 1.7,
  meanElongation: 1.91,
  meanSolidity: 0.876,
  meanNeighbours: 2.3,
  borderShare: 0.349,
  coverage: 0.526,
  cellsPerField: 15.5,
};

const FIELDS = 200;
/** Only outlines are looked at here: coarse pixels are enough, and nothing needs to be lit. */
const SETTINGS = {
  ...defaultSynthSettings,
  width: 256,
  height: 256,
  pixelSizeUm: 0.64,
  leastNucleusShare: 0.9,
};

const fields = Array.from({ length: FIELDS }, (_, index) => {
  const layout = layOutCells(createRandom(11).fork(index), SETTINGS, 0);
  return measureShapes(cropLabels(layout, SETTINGS).segmentation.cells, SETTINGS.pixelSizeUm);
});
const cells = fields.flatMap((field) => field.cells);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const over = (value: (cell: CellShape) => number) => cells.map(value);

test.each<[keyof typeof REAL, () => number]>([
  ['medianAreaUm2', () => median(over(({ areaUm2 }) => areaUm2))],
  ['meanAreaUm2', () => mean(over(({ areaUm2 }) => areaUm2))],
  ['medianElongation', () => median(over(({ elongation }) => elongation))],
  ['meanElongation', () => mean(over(({ elongation }) => elongation))],
  ['meanSolidity', () => mean(over(({ solidity }) => solidity))],
  ['meanNeighbours', () => mean(over(({ neighbours }) => neighbours))],
  ['borderShare', () => mean(over(({ touchesBorder }) => (touchesBorder ? 1 : 0)))],
  ['coverage', () => mean(fields.map(({ coverage }) => coverage))],
  ['cellsPerField', () => mean(fields.map((field) => field.cells.length))],
])(`over ${FIELDS} fields, %s lies within 10 %% of the real masks`, (name, measure) => {
  const ratio = measure() / REAL[name];
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});
