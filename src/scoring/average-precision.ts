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

/**
 * Area under the precision-recall curve with all points and precision made monotone from the right, as Open Images
 * and Pascal VOC (from 2010) define it. `hits` says for each detection, best score first, whether it is a true
 * positive; `truths` is the number of things to find; `weights` counts a detection several times (1 where absent).
 * 0 without detections, NaN where there is nothing to find.
 */
export function envelopeAveragePrecision(
  hits: ArrayLike<number>,
  truths: number,
  weights?: ArrayLike<number>,
): number {
  if (truths === 0) return Number.NaN;
  let found = 0;
  let seen = 0;
  for (let i = 0; i < hits.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    seen += weight;
    if (hits[i] !== 0) found += weight;
  }
  let best = 0;
  let sum = 0;
  // From the worst score to the best: the envelope is the greatest precision seen so far.
  for (let i = hits.length - 1; i >= 0; i--) {
    const weight = weights === undefined ? 1 : weights[i];
    if (weight === 0) continue;
    const precision = found / seen;
    if (precision > best) best = precision;
    seen -= weight;
    if (hits[i] === 0) continue;
    sum += best * weight;
    found -= weight;
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
