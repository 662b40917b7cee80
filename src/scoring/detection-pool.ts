import { rankByScore, ranksOfHits } from './average-precision.js';

/** A class's detections over all images: each with its score, its image and the IoU thresholds at which it is a hit. */
export interface DetectionPool {
  /** Bit b of `hitBits`: a true positive at the b-th IoU. */
  addDetection(image: number, score: number, hitBits: number): void;
  addTruths(image: number, count: number): void;
  /** Best score first; equal scores in the order in which they were added. */
  ranked(): PooledRanking;
  /** Number of things to find; `imageWeights` counts the i-th image that many times. */
  truths(imageWeights?: ArrayLike<number>): number;
  /** Number of detections, counted in the same way. */
  detections(imageWeights?: ArrayLike<number>): number;
}

export interface PooledRanking {
  readonly scores: Float64Array;
  readonly images: Uint32Array;
  /** 1 where the detection is a true positive at the b-th IoU. */
  hits(bit: number): Uint8Array;
  /** The ranks of those, ascending. */
  hitRanks(bit: number): Uint32Array;
}

export function createDetectionPool(): DetectionPool {
  const scores: number[] = [];
  const hitBits: number[] = [];
  const images: number[] = [];
  const truths: number[] = [];
  const detections: number[] = [];
  let ranking: PooledRanking | null = null;
  return {
    addDetection(image, score, bits) {
      ranking = null;
      scores.push(score);
      hitBits.push(bits);
      images.push(image);
      detections[image] = (detections[image] ?? 0) + 1;
    },
    addTruths(image, count) {
      truths[image] = (truths[image] ?? 0) + count;
    },
    ranked() {
      ranking ??= rank(scores, images, hitBits);
      return ranking;
    },
    truths: (imageWeights) => weightedSum(truths, imageWeights),
    detections: (imageWeights) => weightedSum(detections, imageWeights),
  };
}

/** Sum of counts by image; images without an entry have none. */
function weightedSum(counts: readonly number[], imageWeights?: ArrayLike<number>): number {
  return counts.reduce((sum, count, image) => sum + count * (imageWeights?.[image] ?? 1), 0);
}

function rank(
  scores: readonly number[],
  images: readonly number[],
  hitBits: readonly number[],
): PooledRanking {
  const order = rankByScore(scores);
  // Plain loops: typed arrays' `from` with a function takes ten times as long, for millions of detections.
  const ranked = { scores: new Float64Array(order.length), images: new Uint32Array(order.length) };
  for (let i = 0; i < order.length; i++) {
    ranked.scores[i] = scores[order[i]];
    ranked.images[i] = images[order[i]];
  }
  const hits = remembered((bit) => {
    const hits = new Uint8Array(order.length);
    for (let i = 0; i < order.length; i++) hits[i] = (hitBits[order[i]] >> bit) & 1;
    return hits;
  });
  return { ...ranked, hits, hitRanks: remembered((bit) => ranksOfHits(hits(bit))) };
}

/** Works each bit's value out once: a bootstrap asks for the same a thousand times. */
function remembered<T>(value: (bit: number) => T): (bit: number) => T {
  const values = new Map<number, T>();
  return (bit) => {
    const known = values.get(bit);
    if (known !== undefined) return known;
    const found = value(bit);
    values.set(bit, found);
    return found;
  };
}
