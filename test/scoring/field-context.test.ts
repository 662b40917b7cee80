import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { fieldScores, scoreInField } from '../../src/scoring/index.js';

/** 19 scores: what is not named is 0. */
function cell(named: Record<number, number>): Float32Array {
  return Float32Array.from(LOCATIONS, (_, id) => named[id] ?? 0);
}

test('a field’s score is the power mean over its cells', () => {
  const cells = [cell({ 0: 0.2, 5: 0.9 }), cell({ 0: 0.6 })];
  expect(fieldScores(cells, { power: 1 })[0]).toBeCloseTo(0.4, 6);
  expect(fieldScores(cells, { power: 2 })[0]).toBeCloseTo(Math.sqrt((0.04 + 0.36) / 2), 6);
  expect(fieldScores(cells, { power: 200 })[5]).toBeCloseTo(0.9, 2);
  expect([...fieldScores([])]).toEqual(LOCATIONS.map(() => 0));
});

test('what the other cells of the field show lifts a location, what they do not lets it fall', () => {
  const doubtful = cell({ 3: 0.5, 7: 0.5 });
  const [scores] = scoreInField([doubtful, cell({ 3: 0.8 }), cell({ 3: 0.8 })]);
  expect(scores[3]).toBeGreaterThan(scores[7]);
  // Alone, a cell is its own field, and its strongest location is measured against itself: (0.5 * 0.5 * 1)^(1/3).
  expect(scoreInField([doubtful])[0][3]).toBeCloseTo(Math.cbrt(0.25), 5);
});

test('Negative is a matter of the cell', () => {
  const cells = [cell({ 3: 0.1, [NEGATIVE]: 0.7 }), cell({ 3: 0.9, [NEGATIVE]: 0.01 })];
  expect(scoreInField(cells).map((scores) => scores[NEGATIVE])).toEqual([
    expect.closeTo(0.7, 6),
    expect.closeTo(0.01, 6),
  ]);
  // A field in which nothing is seen.
  expect([...scoreInField([cell({ [NEGATIVE]: 1 })])[0]]).toEqual([...cell({ [NEGATIVE]: 1 })]);
});

test('law: scores stay in [0, 1], and within a field the cells keep their order for each location', () => {
  const scores = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 19, maxLength: 19 });
  fc.assert(
    fc.property(fc.array(scores, { minLength: 1, maxLength: 6 }), (cells) => {
      const changed = scoreInField(cells);
      const inOrder = LOCATIONS.every((_, id) =>
        cells.every((one, a) =>
          cells.every((other, b) => one[id] > other[id] || changed[a][id] <= changed[b][id]),
        ),
      );
      const inRange = changed.every((numbers) => numbers.every((score) => score >= 0 && score <= 1));
      expect([inOrder, inRange]).toEqual([true, true]);
    }),
  );
});
