/** The classifier on a graphics processor, watched: one that is wrong, fails or is lost is given up for the processor. */
import { createRandom, ModelError } from '../../common/index.js';
import type { Classifier } from '../../networks/index.js';
import { createLane } from './lane.js';

/** Below it no score differs by more than 0.001, wherever on the sigmoid it lies. */
const MOST_LOGIT_DIFFERENCE = 0.004;

/**
 * Sees that a classifier gives the scores of a trusted one on a crop of noise: graphics drivers have defects that show in
 * no error.
 * @throws ModelError `device-wrong`
 */
export async function expectSameScores(tried: Classifier, trusted: Classifier): Promise<void> {
  const { channels, sizePx } = trusted.metadata.crop;
  const random = createRandom(1);
  const noise = Float32Array.from({ length: channels.length * sizePx ** 2 }, () => random.uniform());
  const found = await tried.classify(noise, 1);
  const expected = await trusted.classify(noise, 1);
  // Scores of noise are low: as they are, zeros would pass.
  const difference = Math.max(...expected.map((score, i) => Math.abs(logit(score) - logit(found[i]))));
  if (difference <= MOST_LOGIT_DIFFERENCE) return;
  throw new ModelError(
    'device-wrong',
    `scores of one crop differ by ${difference} on the logit's scale between two devices; expected at most ${MOST_LOGIT_DIFFERENCE}`,
  );
}

function logit(score: number): number {
  const inside = Math.min(1 - SATURATED, Math.max(SATURATED, score));
  return Math.log(inside / (1 - inside));
}

/** Nearer to 0 or 1 single precision tells scores no longer apart. */
const SATURATED = 1e-6;

/**
 * A classifier that works on a device until that fails, and from then on on another one; what was asked is answered all the same.
 * @param lost rejects when the device is gone: what runs on it then may never end
 * @param onFailed told once, with the reason
 */
export function withFallback(
  fast: Classifier,
  sure: Classifier,
  lost: Promise<never>,
  onFailed: (reason: unknown) => void,
): Classifier {
  let isFast = true;
  const giveUp = (reason: unknown) => {
    if (isFast) onFailed(reason);
    isFast = false;
  };
  lost.catch(giveUp);
  // The runtime's build for graphics processors waits within a run, and a second run meanwhile ends both.
  const inTurn = createLane(1);
  return {
    metadata: sure.metadata,
    classify: (crops, count) =>
      inTurn(async () => {
        if (isFast) {
          try {
            return await Promise.race([fast.classify(crops, count), lost]);
          } catch (reason) {
            giveUp(reason);
          }
        }
        return sure.classify(crops, count);
      }),
    async release() {
      if (isFast) await fast.release();
      await sure.release();
    },
  };
}
