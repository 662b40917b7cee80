/** The items whose score falls into one bin of [0, 1]. */
export interface CalibrationBin {
  /** Scores from `low` on, below `high`; the last bin includes 1. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** NaN in an empty bin. */
  readonly meanScore: number;
  /** Share of the bin's items that are positive; NaN in an empty bin. */
  readonly frequency: number;
}

/** How far scores are from being probabilities; NaN without items. */
export interface Calibration {
  /**
   * Expected calibration error: mean of |share positive - mean score| over bins of equal width, weighted by their
   * items (Naeini et al. 2015; Guo et al. 2017, eq. 3).
   */
  readonly ece: number;
  /** Mean of (score - truth) squared (Brier 1950, for one class). */
  readonly brier: number;
  readonly bins: CalibrationBin[];
}

/**
 * Calibration of scores in [0, 1] against truth (anything but 0 is positive).
 * @throws RangeError when the lengths differ or a score is not in [0, 1]
 */
export function calibration(scores: ArrayLike<number>, truth: ArrayLike<number>, bins = 10): Calibration {
  if (scores.length !== truth.length) {
    throw new RangeError(`calibration: ${scores.length} scores for ${truth.length} items`);
  }
  const counts = new Uint32Array(bins);
  const positives = new Uint32Array(bins);
  const sums = new Float64Array(bins);
  let squares = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (!(score >= 0 && score <= 1)) throw new RangeError(`calibration: score ${score} is not in [0, 1]`);
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    const target = truth[i] === 0 ? 0 : 1;
    counts[bin]++;
    positives[bin] += target;
    sums[bin] += score;
    squares += (score - target) ** 2;
  }
  let ece = 0;
  for (let bin = 0; bin < bins; bin++) ece += Math.abs(positives[bin] - sums[bin]);
  return {
    ece: ece / scores.length,
    brier: squares / scores.length,
    bins: Array.from(counts, (count, bin) => ({
      low: bin / bins,
      high: (bin + 1) / bins,
      count,
      meanScore: sums[bin] / count,
      frequency: positives[bin] / count,
    })),
  };
}
