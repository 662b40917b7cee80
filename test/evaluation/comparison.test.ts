import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { differenceOf, evaluateFiles, intervalsOf } from '../../src/evaluation/index.js';
import { cytolocus, sharedFolder } from '../cli/harness.js';
import { PREDICTED, type Scene, TRUTH, writeSubmission, writeTruthFolder } from './scene.js';

const folder = sharedFolder();
const at = (name: string) => join(folder, name);

/** The scene's two images, eight times each. */
function repeated<T>(scene: Scene<T>): Scene<T> {
  return Object.fromEntries(
    Array.from({ length: 8 }, (_, i) =>
      Object.entries(scene).map(([id, cells]) => [`${id}${i}`, cells]),
    ).flat(),
  );
}

/** The prediction without its mistakes. */
const BETTER: Scene<readonly number[]> = {
  a: PREDICTED.a.slice(0, 2),
  b: PREDICTED.b.map(([rectangle, scores]) => [
    rectangle,
    scores.map((score, id) => (id === 0 ? 0.1 : score)),
  ]),
};

beforeAll(async () => {
  await writeTruthFolder(at('truth'), repeated(TRUTH));
  await writeSubmission(at('worse.csv'), repeated(PREDICTED));
  const better = Object.entries(repeated(BETTER));
  // The other way round, so that images must be paired by their ids.
  await writeSubmission(at('better.csv'), Object.fromEntries(better.reverse()));
});

test('a model that is better on every image: 0 lies outside the interval of the difference', async () => {
  const [better, worse] = await Promise.all(
    ['better.csv', 'worse.csv'].map((name) => evaluateFiles(at('truth'), at(name))),
  );
  const { mAP } = differenceOf(better, worse, { resamples: 200 });
  expect(mAP?.estimate).toBeCloseTo(better.scores.competition().mAP - worse.scores.competition().mAP, 12);
  expect(mAP?.low).toBeGreaterThan(0);
  const own = intervalsOf(better, { resamples: 200 });
  expect(own.mAP?.low).toBeLessThanOrEqual(own.mAP?.estimate ?? Number.NaN);
});

test('a model against itself, its images in another order: no difference at all', async () => {
  const a = await evaluateFiles(at('truth'), at('better.csv'));
  await writeSubmission(at('same.csv'), repeated(BETTER));
  const b = await evaluateFiles(at('truth'), at('same.csv'));
  expect(differenceOf(a, b, { resamples: 50 })).toMatchObject({ f1_60: { estimate: 0, low: 0, high: 0 } });
});

test('evaluations of different images cannot be compared', async () => {
  const a = await evaluateFiles(at('truth'), at('better.csv'));
  await writeTruthFolder(at('other-truth'), TRUTH);
  const b = await evaluateFiles(at('other-truth'), at('better.csv'));
  expect(() => differenceOf(a, b, {})).toThrow('different images');
});

test('--against prints both models and their difference', async () => {
  const args = [
    '--truth',
    at('truth'),
    '--predictions',
    at('better.csv'),
    '--against',
    at('worse.csv'),
    '--resamples',
    '50',
  ];
  const json = JSON.parse((await cytolocus('evaluate', ...args, '--json')).printed);
  expect(json.mAP).toBeGreaterThan(json.against.mAP);
  expect(json.difference.mAP.low).toBeGreaterThan(0);
  expect(json.intervals.mAP.resamples).toBe(50);
  const { printed } = await cytolocus('evaluate', ...args);
  expect(printed).toMatch(/mAP: \+0\.\d+, 95 % interval \+0\.\d+ to \+0\.\d+: the first is better/);
});
