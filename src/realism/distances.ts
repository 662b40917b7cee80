/** A figure measured on many real and many synthetic fields or cells. */
export interface Comparison {
  readonly name: string;
  readonly real: readonly number[];
  readonly synthetic: readonly number[];
}

/** How far two samples lie apart. */
export interface Distance {
  readonly realMedian: number;
  readonly syntheticMedian: number;
  /** Earth mover's distance over the standard deviation of the real sample: 0 = alike, 1 = a whole spread apart. */
  readonly moved: number;
  /** Kolmogorov-Smirnov: the greatest gap between the two cumulative distributions, 0 to 1. */
  readonly gap: number;
}

/** Compares two samples, each of one or more values. */
export function measureDistance({ real, synthetic }: Comparison): Distance {
  const a = Float64Array.from(real).sort();
  const b = Float64Array.from(synthetic).sort();
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
  const spread = Math.sqrt(a.reduce((sum, value) => sum + (value - mean) ** 2, 0) / a.length);
  const values = Float64Array.from([...a, ...b]).sort();
  let i = 0;
  let j = 0;
  let gap = 0;
  let area = 0;
  for (let k = 0; k < values.length; k++) {
    while (i < a.length && a[i] <= values[k]) i++;
    while (j < b.length && b[j] <= values[k]) j++;
    const apart = Math.abs(i / a.length - j / b.length);
    gap = Math.max(gap, apart);
    if (k + 1 < values.length) area += apart * (values[k + 1] - values[k]);
  }
  return {
    realMedian: quantile(a, 0.5),
    syntheticMedian: quantile(b, 0.5),
    moved: spread > 0 ? area / spread : area > 0 ? Number.POSITIVE_INFINITY : 0,
    gap,
  };
}

/** Quantile of ascending values, linear between two. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (position - low);
}
