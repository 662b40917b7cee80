import { expect, test, vi } from 'vitest';
import { LOCATIONS } from '../../src/common/index.js';
import { DEFAULT_CROP } from '../../src/crops/index.js';
import type { Classifier } from '../../src/networks/index.js';
import { expectSameScores, withFallback } from '../../src/web/page/accelerated.js';

const NEVER = new Promise<never>(() => {});

/** A classifier that gives every location the same score. */
function constant(score: number, classify?: Classifier['classify']): Classifier {
  return {
    metadata: {
      ...{ kind: 'classifier', formatVersion: 1, network: 'none', activation: 'sigmoid', training: {} },
      classes: [...LOCATIONS],
      crop: { ...DEFAULT_CROP, sizePx: 4, channels: ['protein'] },
    },
    classify: classify ?? (async (_, count) => new Float32Array(19 * count).fill(score)),
    release: async () => {},
  };
}
const failing = () => vi.fn(async () => Promise.reject(new Error('out of memory')));

test.each([
  [0.0005, 0.000501, true],
  [0.5, 0.5009, true],
  [0.5, 0.502, false],
  // Less than 0.001 apart: a device that gives zeros, on noise, which shows no location.
  [0.0005, 0, false],
  [0.5, Number.NaN, false],
])('scores of %f and %f count as the same: %s', async (trusted, tried, same) => {
  const compared = expectSameScores(constant(tried), constant(trusted));
  if (same) await compared;
  else await expect(compared).rejects.toMatchObject({ code: 'device-wrong' });
});

test('works on the fast device as long as that works', async () => {
  const onFailed = vi.fn();
  const classifier = withFallback(constant(0.25), constant(0.75), NEVER, onFailed);
  expect([...(await classifier.classify(new Float32Array(16), 1))]).toEqual(Array(19).fill(0.25));
  expect(onFailed).not.toHaveBeenCalled();
});

test('two questions at once are worked on one after the other', async () => {
  let running = 0;
  let most = 0;
  const fast = constant(0, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve));
    running--;
    return new Float32Array(19).fill(0.25);
  });
  const classifier = withFallback(fast, constant(0.75), NEVER, () => {});
  const crop = new Float32Array(16);
  const both = await Promise.all([classifier.classify(crop, 1), classifier.classify(crop, 1)]);
  expect(both.map(([score]) => score)).toEqual([0.25, 0.25]);
  expect(most).toBe(1);
});

test('what fails half-way is answered by the sure device, which then does all; it is told once', async () => {
  const fast = failing();
  const onFailed = vi.fn();
  const classifier = withFallback(constant(0, fast), constant(0.75), NEVER, onFailed);
  for (let i = 0; i < 2; i++) {
    expect([...(await classifier.classify(new Float32Array(16), 1))]).toEqual(Array(19).fill(0.75));
  }
  expect(fast).toHaveBeenCalledTimes(1);
  expect(onFailed.mock.calls).toEqual([[new Error('out of memory')]]);
});

test('a device that is lost is not waited for; nor is it asked again when that happens between two questions', async () => {
  let lose = (_: Error) => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  const endless = vi.fn(() => NEVER);
  const onFailed = vi.fn();
  const classifier = withFallback(constant(0, endless), constant(0.75), lost, onFailed);
  const answer = classifier.classify(new Float32Array(16), 1);
  lose(new Error('gone'));
  expect((await answer)[0]).toBe(0.75);
  expect((await classifier.classify(new Float32Array(16), 1))[0]).toBe(0.75);
  expect(endless).toHaveBeenCalledTimes(1);
  expect(onFailed).toHaveBeenCalledTimes(1);

  const idle = failing();
  const other = withFallback(constant(0, idle), constant(0.75), lost, () => {});
  await Promise.resolve();
  await other.classify(new Float32Array(16), 1);
  expect(idle).not.toHaveBeenCalled();
});
