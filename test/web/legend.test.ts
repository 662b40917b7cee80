import { expect, test } from 'vitest';
import { locationColour, scoreColour } from '../../src/web/page/colours.js';
import { legendOf } from '../../src/web/page/legend.js';
import { WORDS } from '../../src/web/page/words/index.js';
import { cellWith } from '../predict/cells.js';

const CELLS = [cellWith(1, { 0: 0.9 }), cellWith(2, { 16: 0.9 }), cellWith(3, { 16: 0.9 })];

test('by location: the locations that are there, with their counts, in the language', () => {
  expect(legendOf(CELLS, 'location', WORDS.fr)).toEqual([
    { colour: locationColour(16), text: 'Cytosol (2)' },
    { colour: locationColour(0), text: `${WORDS.fr.locations[0]} (1)` },
  ]);
});

test('by a score: steps from 0 to 100 %; without colours: nothing', () => {
  const steps = legendOf(CELLS, 3, WORDS.en);
  expect(steps.map(({ text }) => text)).toEqual(['0 %', '25 %', '50 %', '75 %', '100 %']);
  expect(steps[4].colour).toBe(scoreColour(1));
  expect(legendOf(CELLS, 'none', WORDS.en)).toEqual([]);
});

test('19 locations have 19 colours', () => {
  expect(new Set(Array.from({ length: 19 }, (_, location) => locationColour(location))).size).toBe(19);
});
