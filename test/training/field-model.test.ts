import { expect, test } from 'vitest';
import { createRandom, LOCATIONS } from '../../src/common/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { likelyLocations, scoreInField } from '../../src/scoring/index.js';
import { fitFieldModel, type ScoredField } from '../../src/training/index.js';

const runtime = await loadRuntime({ threads: 1 });
const [NUCLEOLI, RIM, GOLGI] = [2, 3, 7];

/**
 * Fields of a classifier with two habits: it sees nucleoli wherever the fibrillar center is, and half a Golgi in one cell of every
 * field.
 */
function drawFields(count: number, seed: number): ScoredField[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const shown = [NUCLEOLI, RIM, GOLGI][i % 3];
    const cells = Array.from({ length: 8 }, (_, k) =>
      Float32Array.from(LOCATIONS, (_, id) => {
        const seen = id === shown || (id === NUCLEOLI && shown === RIM);
        const mistaken = id === GOLGI && k === 0;
        return seen || mistaken ? random.range(0.4, 0.6) : random.range(0, 0.1);
      }),
    );
    return { locations: [shown], cells };
  });
}

test('habits of a classifier are learned from the labels of fields, and their scores corrected', async () => {
  const model = await fitFieldModel(runtime, drawFields(240, 1), null, 1);
  expect(model.fields).toBe(240);
  for (const { locations, cells } of drawFields(30, 2)) {
    const likely = likelyLocations(cells, model);
    for (const id of [NUCLEOLI, RIM, GOLGI]) {
      if (locations.includes(id)) expect(likely[id]).toBeGreaterThan(0.5);
      else expect(likely[id]).toBeLessThan(0.5);
    }
  }
  // The formula leaves nucleoli as likely as the fibrillar center.
  const rim = drawFields(30, 2)[1];
  expect(rim.locations).toEqual([RIM]);
  const [formula] = scoreInField(rim.cells);
  expect(formula[NUCLEOLI] / formula[RIM]).toBeGreaterThan(0.7);
});

test('the same seed gives the same model', async () => {
  const fields = drawFields(12, 3);
  expect(await fitFieldModel(runtime, fields, null, 4)).toEqual(
    await fitFieldModel(runtime, fields, null, 4),
  );
});
