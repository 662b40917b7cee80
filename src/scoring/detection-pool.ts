import { rankByScore } from './average-precision.js';

/** A class's detections over all images: each with its score, its image and the IoU thresholds at which it is a hit. */
export interface DetectionPool {
  /** Bit b of `hitBits`: a true positive at the b-th IoU. */
  addDetection(image: number, score: number, hitBits: number): void;
  addTruths(image: number, count: number): void;
  /** Best score first; equal scores in the order in which they were added. */
  ranked(): PooledRanking;
  /** Number of things to find; `imageWeights` counts the i-th image that many times. */
  truths(imageWeights?: ArrayLike<number>): number;
}

export interface PooledRanking {
  readonly scores: Float64Array;
  readonly images: Uint32Array;
  /** 1 where the detection is a true positive at the b-th IoU. */
  hits(bit: number): Uint8Array;
}

export function createDetectionPool(): DetectionPool {
  const scores: number[] = [];
  const hitBits: number[] = [];
  const images: number[] = [];
  const truths: [image: number, count: number][] = [];
  let ranking: PooledRanking | null = null;
  return {
    addDetection(image, score, bits) {
      ranking = null;
      scores.push(score);
      hitBits.push(bits);
      images.push(image);
    },
    addTruths: (image, count) => void truths.push([image, count]),
    ranked() {
      ranking ??= rank(scores, images, hitBits);
      return ranking;
    },
    truths: (imageWeights) =>
      truths.reduce((sum, [image, count]) => sum + count * (imageWeights?.[image] ?? 1), 0),
  };
}

function rank(
  scores: readonly number[],
  images: readonly number[],
  hitBits: readonly number[],
): PooledRanking {
  const order = rankByScore(scores);
  // A bootstrap asks for the same hits a thousand times.
  const hitsByBit = new Map<number, Uint8Array>();
  return {
    scores: Float64Array.from(order, (i) => scores[i]),
    images: Uint32Array.from(order, (i) => images[i]),
    hits(bit) {
      const known = hitsByBit.get(bit);
      if (known !== undefined) return known;
      const hits = Uint8Array.from(order, (i) => (hitBits[i] >> bit) & 1);
      hitsByBit.set(bit, hits);
      return hits;
    },
  };
}
