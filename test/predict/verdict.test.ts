import { expect, test } from 'vitest';
import { NEGATIVE } from '../../src/common/index.js';
import { judgeCell } from '../../src/predict/index.js';

const scores = (entries: Record<number, number>) => {
  const all = new Float32Array(19);
  for (const [id, score] of Object.entries(entries)) all[Number(id)] = score;
  return all;
};

test.each([
  ['located', { 4: 0.5, [NEGATIVE]: 0.25 }, 4, NEGATIVE],
  ['negative', { 4: 0.5, [NEGATIVE]: 0.75 }, NEGATIVE, 4],
  ['ambiguous', { 4: 0.25, 7: 0.375 }, 7, 4],
  ['ambiguous', {}, 0, 1],
])('%s: %j', (verdict, entries, top, runnerUp) => {
  const judged = judgeCell(scores(entries), 0.5);
  expect([judged.verdict, judged.top.location, judged.runnerUp.location]).toEqual([verdict, top, runnerUp]);
});
