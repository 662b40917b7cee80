/** How large crops should be: what cells measure, and what each size would lose. */

/** Count, mean, standard deviation (n - 1), least, quartiles (linear between ranks) and greatest of some numbers. */
export interface Description {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly max: number;
}

/** NaN where there is no number, or for `std` only one. */
export function describeNumbers(numbers: readonly number[]): Description {
  const sorted = Float64Array.from(numbers).sort();
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const quantile = (share: number) => {
    const position = (count - 1) * share;
    const low = Math.floor(position);
    return count === 0
      ? Number.NaN
      : sorted[low] + (position - low) * (sorted[Math.min(count - 1, low + 1)] - sorted[low]);
  };
  return {
    count,
    mean,
    std: Math.sqrt(squares / (count - 1)),
    min: quantile(0),
    q25: quantile(0.25),
    median: quantile(0.5),
    q75: quantile(0.75),
    max: quantile(1),
  };
}

/** A cell as a square crop around it sees it: the square's side in pixels, and where its detail lies. */
export interface CellDetail {
  readonly sidePx: number;
  /** Share of energy below each of equal bands of frequency up to half a cycle a pixel (see `energyBelow`). */
  readonly energyBelow: Float64Array;
}

/** What crops of one size would do to the cells. */
export interface SizeEffect {
  readonly sizePx: number;
  /** Share of the cells whose square is larger, and smaller, than the crop. */
  readonly shrunk: number;
  readonly enlarged: number;
  /**
   * Mean share of the cells' energy that lies above the crop's Nyquist limit, half a cycle a pixel of the crop, and so
   * cannot be shown; 0 for a cell that is not shrunk. NaN where no cell's detail is known.
   */
  readonly detailLost: number;
}

export const CANDIDATE_SIZES_PX = [64, 96, 128, 160, 192, 224, 256, 320, 384, 512] as const;

/** Advised is the smallest size that loses at most this share of the detail on average. */
export const TOLERATED_LOSS = 0.01;

/** The effect of each size, ascending. `sides` are those of all cells, `details` may be a part of them. */
export function compareSizes(
  sidesPx: readonly number[],
  details: readonly CellDetail[],
  sizesPx: readonly number[] = CANDIDATE_SIZES_PX,
): SizeEffect[] {
  const share = (passes: (side: number) => boolean) => sidesPx.filter(passes).length / sidesPx.length;
  return sizesPx.map((sizePx) => ({
    sizePx,
    shrunk: share((side) => side > sizePx),
    enlarged: share((side) => side < sizePx),
    detailLost: details.reduce((sum, cell) => sum + lostDetail(cell, sizePx), 0) / details.length,
  }));
}

/** The smallest size that loses at most `tolerated`; the largest where all lose more; null where that is not known. */
export function adviseSize(effects: readonly SizeEffect[], tolerated = TOLERATED_LOSS): number | null {
  if (effects.length === 0 || effects.some(({ detailLost }) => Number.isNaN(detailLost))) return null;
  const good = effects.find(({ detailLost }) => detailLost <= tolerated);
  return (good ?? effects[effects.length - 1]).sizePx;
}

function lostDetail({ sidePx, energyBelow }: CellDetail, sizePx: number): number {
  if (sizePx >= sidePx) return 0;
  // Within a band energy is taken as evenly spread.
  const position = (sizePx / sidePx) * energyBelow.length;
  const band = Math.floor(position);
  const before = band === 0 ? 0 : energyBelow[band - 1];
  return 1 - (before + (position - band) * (energyBelow[band] - before));
}
