import { expect, test } from 'vitest';
import { cytoplasmLabels, mergeMasks } from '../../src/imaging/index.js';
import { labels, picture } from './helpers.js';

const segmentation = { cells: labels('.1122', '.1122'), nuclei: labels('..1..', '..1.2') };

test('cytoplasm is the cell less its nucleus, with its number', () => {
  expect(picture(cytoplasmLabels(segmentation))).toEqual(['.1.22', '.1.2.']);
});

test('the merged mask parts background, cytoplasm and nucleus', () => {
  const { data, bitDepth } = mergeMasks(segmentation);
  expect(bitDepth).toBe(8);
  expect([...data]).toEqual([0, 127, 255, 127, 127, 0, 127, 255, 127, 255]);
});
