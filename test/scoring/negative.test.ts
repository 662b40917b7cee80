import { expect, test } from 'vitest';
import { LOCATIONS, NEGATIVE } from '../../src/common/index.js';
import { NEGATIVE_SOURCES, withNegativeFromOthers } from '../../src/scoring/index.js';

const SCORES = Float32Array.from(LOCATIONS, (_, id) => ({ 0: 0.5, 4: 0.2, [NEGATIVE]: 0.08 })[id] ?? 0);

test.each([
  ['own', 0.08],
  ['least', 0.5],
  ['product', 0.4],
  ['geometric', 0.2],
] as const)('Negative by %s is %d, and the others stay', (source, expected) => {
  const changed = withNegativeFromOthers(SCORES, source);
  expect(changed[NEGATIVE]).toBeCloseTo(expected, 5);
  expect(changed.slice(0, NEGATIVE)).toEqual(SCORES.slice(0, NEGATIVE));
  // What was given is not changed.
  expect(SCORES[NEGATIVE]).toBeCloseTo(0.08, 6);
});

test('a cell that surely shows a place is not Negative, one that shows none surely is', () => {
  const sure = Float32Array.from(LOCATIONS, (_, id) => (id === 3 ? 1 : 0));
  const empty = new Float32Array(LOCATIONS.length);
  for (const source of NEGATIVE_SOURCES.filter((name) => name !== 'own' && name !== 'geometric')) {
    expect(withNegativeFromOthers(sure, source)[NEGATIVE]).toBe(0);
    expect(withNegativeFromOthers(empty, source)[NEGATIVE]).toBe(1);
  }
});
