import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOnnxMetadata, withOnnxMetadata } from '../../src/engine/index.js';
import { ASSUMED_PIXEL_SIZES, loadRuntime, writeTable } from '../../src/io/index.js';
import { loadClassifier } from '../../src/networks/index.js';
import { runSynthesis, SHIPPED_CLASSIFIER, scoreKnownCells } from '../../src/runs/index.js';
import { defaultSynthSettings } from '../../src/synthetic/index.js';
import { type AdaptationRecipe, adaptClassifier } from '../../src/training/index.js';

const runtime = await loadRuntime({ threads: 1 });
const shipped = readFileSync(SHIPPED_CLASSIFIER);
const GOLGI = 7;
let root = '';

// Eight fields that drawn labels and a table of our own describe, and four of the kind that is known already.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cytolocus-adaptation-'));
  const settings = { ...defaultSynthSettings, width: 192, height: 192 };
  await runSynthesis(8, { ...settings, seed: 11 }, join(root, 'data'), { workers: 1 });
  await runSynthesis(4, { ...settings, seed: 12 }, join(root, 'keep'), { workers: 1 });
  const ids = Array.from({ length: 8 }, (_, i) => [`synth-11-0000${i}`, `${GOLGI}`]);
  await writeTable(join(root, 'golgi.csv'), ['ID', 'Label'], ids);
});
afterAll(() => rm(root, { recursive: true }));

const recipe = (changes: Partial<AdaptationRecipe> = {}) => ({
  data: [join(root, 'data')],
  labels: [join(root, 'golgi.csv')],
  keep: [join(root, 'keep')],
  ...{ keepWeight: 0.1, variations: 2, epochs: 30, folds: 2, cellsPerField: 3 },
  ...changes,
});
/** Scores as the network gives them. */
const OWN = { turns: 1, negative: 'own', fieldContext: false } as const;
const notCalibrated = async () => null;

test('a classifier learns from its own kind of fields what their labels say, and each is judged without its fold', async () => {
  const seen: number[] = [];
  const { judged, metadata, leftOut } = await adaptClassifier(
    runtime,
    shipped,
    recipe({ epochs: 60, prediction: OWN }),
    notCalibrated,
    {
      onFit: (fit, fits) => seen.push(fit / fits),
    },
  );
  expect(seen).toEqual([1 / 3, 2 / 3, 1]);
  expect(judged.map(({ locations }) => locations)).toEqual(new Array(judged.length).fill([GOLGI]));
  // A handful of cells of other drawn proteins says little about the fields left out, so not all of them follow.
  expect(judged.filter(({ before }) => before.firstIsTrue)).toHaveLength(0);
  expect(judged.filter(({ after }) => after.firstIsTrue).length).toBeGreaterThanOrEqual(3);
  expect(judged.length + leftOut.data.fieldsWithoutCells.length).toBe(8);
  expect(metadata.calibration).toBeUndefined();
  expect(metadata.training).toMatchObject({ adaptedOnFields: judged.length, adaptationEpochs: 60 });
});

test('the more the kept fields weigh, the less changes of what is said of them', async () => {
  const changeAt = async (keepWeight: number) => {
    const { onnx } = await adaptClassifier(runtime, shipped, recipe({ keepWeight }), notCalibrated);
    const [before, after] = await Promise.all(
      [shipped, onnx].map(async (bytes) => {
        const classifier = await loadClassifier(runtime, bytes);
        const fields = await scoreKnownCells(classifier, join(root, 'keep'), ASSUMED_PIXEL_SIZES, false);
        return fields.flatMap(({ scores }) => [...scores]);
      }),
    );
    return before.reduce((sum, score, i) => sum + Math.abs(score - after[i]), 0) / before.length;
  };
  expect(await changeAt(1000)).toBeLessThan((await changeAt(0.1)) / 2);
});

test('the same seed gives the same file, and the calibration that is fitted to each goes into it', async () => {
  const calibration = {
    slopes: new Array<number>(19).fill(0.5),
    offsets: new Array<number>(19).fill(0),
    ...{ cells: 4, fields: 4 },
  };
  let fitted = 0;
  const adapt = () =>
    adaptClassifier(runtime, shipped, recipe({ epochs: 2, cellsPerField: 1, variations: 1 }), async () => {
      fitted++;
      return calibration;
    });
  const first = await adapt();
  expect(fitted).toBe(3);
  expect(first.metadata.calibration).toEqual(calibration);
  expect(Buffer.compare((await adapt()).onnx, first.onnx)).toBe(0);
});

test('a classifier whose file says nothing of prediction stays one that opens', async () => {
  const properties = Object.entries(readOnnxMetadata(shipped)).filter(
    ([name]) => !/prediction|calibration/.test(name),
  );
  const bare = withOnnxMetadata(shipped, Object.fromEntries(properties));
  const { onnx } = await adaptClassifier(
    runtime,
    bare,
    recipe({ epochs: 1, cellsPerField: 1, variations: 1 }),
    notCalibrated,
  );
  const { metadata } = await loadClassifier(runtime, onnx);
  expect(metadata).not.toHaveProperty('prediction');
  expect(metadata).not.toHaveProperty('calibration');
});

test('more folds than fields are refused', async () => {
  await expect(adaptClassifier(runtime, shipped, recipe({ folds: 9 }), notCalibrated)).rejects.toThrow(
    '9 folds of',
  );
});
