import { UsageError } from '../common/index.js';
import type { Classifier } from './classifier.js';

/** How many of the eight flips and quarter turns of a crop are scored: 1 (none), 2, 4 or all 8. */
export const TURN_COUNTS = [1, 2, 4, 8] as const;
export type TurnCount = (typeof TURN_COUNTS)[number];

/**
 * A classifier that scores each crop as it is and turned, and gives the mean (test-time augmentation): a cell has no
 * upper side. It takes `turns` times as long. Releasing it releases the one within.
 * @throws UsageError `bad-option` for another number of turns
 */
export function turnedClassifier(classifier: Classifier, turns: TurnCount): Classifier {
  if (!TURN_COUNTS.includes(turns)) {
    throw new UsageError('bad-option', `turns is ${turns}, expected one of ${TURN_COUNTS.join(', ')}`);
  }
  const { metadata } = classifier;
  const planes = metadata.crop.channels.length;
  return {
    metadata,
    async classify(crops, count) {
      const sums = Float32Array.from(await classifier.classify(crops, count));
      const turned = new Float32Array(turns === 1 ? 0 : crops.length);
      for (let turn = 1; turn < turns; turn++) {
        turnPlanes(crops, turned, count * planes, metadata.crop.sizePx, turn);
        const scores = await classifier.classify(turned, count);
        for (let i = 0; i < sums.length; i++) sums[i] += scores[i];
      }
      return sums.map((sum) => sum / turns);
    },
    release: () => classifier.release(),
  };
}

/**
 * Writes square planes turned: bit 0 of the turn exchanges left and right, bit 1 top and bottom, bit 2 rows and columns.
 * Turns 0 to 7 are the eight of a square.
 */
export function turnPlanes(
  from: Float32Array,
  to: Float32Array,
  planes: number,
  sizePx: number,
  turn: number,
): void {
  const last = sizePx - 1;
  const area = sizePx * sizePx;
  for (let start = 0; start < planes * area; start += area) {
    for (let y = 0; y < sizePx; y++) {
      for (let x = 0; x < sizePx; x++) {
        const u = turn & 1 ? last - x : x;
        const v = turn & 2 ? last - y : y;
        to[start + y * sizePx + x] = from[start + (turn & 4 ? u * sizePx + v : v * sizePx + u)];
      }
    }
  }
}
