/**
 * Average precision of a ranking: the sum over score levels, highest first, of (recall gained) x (precision there).
 * Equal scores form one level, so the result does not depend on the order of the items. (Manning, Raghavan & Schütze,
 * Introduction to Information Retrieval, section 8.4, without interpolation.)
 *
 * `truth` holds what is positive (anything but 0). NaN where nothing is positive: there is nothing to find.
 * @throws RangeError when the lengths differ or a score is NaN
 */
export function averagePrecision(scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (scores.length !== truth.length) {
    throw new RangeError(`averagePrecision: ${scores.length} scores for ${truth.length} items`);
  }
  const order = rankByScore(scores);
  let positives = 0;
  for (let i = 0; i < truth.length; i++) if (truth[i] !== 0) positives++;
  if (positives === 0) return Number.NaN;
  let found = 0;
  let sum = 0;
  for (let rank = 0; rank < order.length; ) {
    const level = scores[order[rank]];
    const before = found;
    for (; rank < order.length && scores[order[rank]] === level; rank++)
      if (truth[order[rank]] !== 0) found++;
    sum += (found - before) * (found / rank);
  }
  return sum / positives;
}

/** How often each item counts: item i `weights[images[i]]` times. */
export interface ImageWeighting {
  readonly images: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/**
 * Area under the precision-recall curve with all points and precision made monotone from the right, as Open Images
 * and Pascal VOC (from 2010) define it. `hits` says for each detection, best score first, whether it is a true
 * positive; `truths` is the number of things to find; `weighting` counts a detection as often as its image (once where
 * absent). 0 without detections, NaN where there is nothing to find.
 */
export function envelopeAveragePrecision(
  hits: ArrayLike<number>,
  truths: number,
  weighting?: ImageWeighting,
): number {
  if (truths === 0) return Number.NaN;
  return envelopeArea(ranksOfHits(hits), truths, weighting);
}

/** The ranks, from 0, of those that are hits (anything but 0), ascending. */
export function ranksOfHits(hits: ArrayLike<number>): Uint32Array {
  const ranks = new Uint32Array(hits.length);
  let found = 0;
  for (let i = 0; i < hits.length; i++) if (hits[i] !== 0) ranks[found++] = i;
  return ranks.slice(0, found);
}

/**
 * As `envelopeAveragePrecision`, from the ranks of the hits: a bootstrap asks for the same hits a thousand times, and
 * between two hits it only has to add up weights.
 */
export function envelopeArea(hitRanks: Uint32Array, truths: number, weighting?: ImageWeighting): number {
  if (truths === 0) return Number.NaN;
  const precisions = new Float64Array(hitRanks.length);
  const gains = new Float64Array(hitRanks.length);
  let found = 0;
  let seen = 0;
  let rank = 0;
  for (let hit = 0; hit < hitRanks.length; hit++) {
    if (weighting === undefined) {
      seen = hitRanks[hit] + 1;
      gains[hit] = 1;
    } else {
      const { images, weights } = weighting;
      for (; rank <= hitRanks[hit]; rank++) seen += weights[images[rank]];
      gains[hit] = weights[images[hitRanks[hit]]];
    }
    found += gains[hit];
    // A hit that counts for nothing adds nothing, and its precision is not above that of the hit before.
    precisions[hit] = found === 0 ? 0 : found / seen;
  }
  // From the worst score to the best: the envelope is the greatest precision seen so far.
  let best = 0;
  let sum = 0;
  for (let hit = hitRanks.length - 1; hit >= 0; hit--) {
    if (precisions[hit] > best) best = precisions[hit];
    sum += best * gains[hit];
  }
  return sum / truths;
}

/**
 * Indices by score, highest first; equal scores keep their order.
 * @throws RangeError when a score is NaN
 */
export function rankByScore(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) {
    if (Number.isNaN(scores[i])) throw new RangeError(`score ${i} is NaN`);
    order[i] = i;
  }
  return order.sort((a, b) => scores[b] - scores[a] || a - b);
}
