/** Counts of one class over all items, and its F1. */
export interface ClassF1 {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** 2 TP / (2 TP + FP + FN); NaN where the class is neither true nor predicted anywhere. */
  readonly f1: number;
}

/** Agreement of predicted with true label sets. NaN where there is nothing to count. */
export interface MultilabelScores {
  /** F1 of all (item, class) pairs together. */
  readonly microF1: number;
  /** Mean of the classes' F1. */
  readonly macroF1: number;
  /** Share of items whose labels are all right. */
  readonly exactMatch: number;
  readonly perClass: ClassF1[];
}

export interface MultilabelOptions {
  /**
   * What a class that is neither true nor predicted anywhere does to the macro mean: `skip` leaves it out, `zero`
   * counts it as 0, as scikit-learn and the 2018 competition do.
   * @default 'skip'
   */
  readonly absentClasses?: 'skip' | 'zero';
}

/**
 * Scores label sets: item i has class c where `[i * classes + c]` is not 0.
 * @throws RangeError when the lengths differ or are no multiple of `classes`
 */
export function multilabelScores(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
  { absentClasses = 'skip' }: MultilabelOptions = {},
): MultilabelScores {
  if (predicted.length !== truth.length || truth.length % classes !== 0) {
    throw new RangeError(
      `multilabelScores: ${predicted.length} predicted, ${truth.length} true values of ${classes} classes`,
    );
  }
  const items = truth.length / classes;
  const counts = Array.from({ length: classes }, () => ({ tp: 0, fp: 0, fn: 0 }));
  let exact = 0;
  for (let i = 0; i < items; i++) {
    let same = true;
    for (let c = 0; c < classes; c++) {
      const isPredicted = predicted[i * classes + c] !== 0;
      const isTrue = truth[i * classes + c] !== 0;
      if (isPredicted !== isTrue) same = false;
      if (isPredicted && isTrue) counts[c].tp++;
      else if (isPredicted) counts[c].fp++;
      else if (isTrue) counts[c].fn++;
    }
    if (same) exact++;
  }
  const perClass = counts.map((count) => ({ ...count, f1: f1Of(count) }));
  const inMean = perClass.map(({ f1 }) => f1).filter((f1) => absentClasses === 'zero' || !Number.isNaN(f1));
  const total = counts.reduce(
    (sum, { tp, fp, fn }) => ({ tp: sum.tp + tp, fp: sum.fp + fp, fn: sum.fn + fn }),
    { tp: 0, fp: 0, fn: 0 },
  );
  return {
    microF1: f1Of(total),
    macroF1: inMean.reduce((sum, f1) => sum + (Number.isNaN(f1) ? 0 : f1), 0) / inMean.length,
    exactMatch: exact / items,
    perClass,
  };
}

/**
 * Label sets from scores: 1 where a score is at least its class's threshold.
 * @throws RangeError when `scores` is no multiple of the number of thresholds
 */
export function applyThresholds(scores: ArrayLike<number>, thresholds: ArrayLike<number>): Uint8Array {
  const classes = thresholds.length;
  if (classes === 0 || scores.length % classes !== 0) {
    throw new RangeError(`applyThresholds: ${scores.length} scores for ${classes} thresholds`);
  }
  return Uint8Array.from({ length: scores.length }, (_, i) => (scores[i] >= thresholds[i % classes] ? 1 : 0));
}

function f1Of({ tp, fp, fn }: { tp: number; fp: number; fn: number }): number {
  return (2 * tp) / (2 * tp + fp + fn);
}
