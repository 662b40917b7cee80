import { type CellRecord, calledLocations } from './cell-records.js';

/** Which locations are called in the place of which. */
export interface LocationConfusion {
  /** Found cells that truly show each location. */
  readonly cells: readonly number[];
  /**
   * `shares[t][p]`: share of the found cells of true location t in which p is called. On the diagonal it is called
   * rightly; beside it only cells count that do not show p. NaN where no found cell shows t.
   */
  readonly shares: readonly (readonly number[])[];
  /** `missed[t]`: share in which no location at all is called. */
  readonly missed: readonly number[];
}

/** Confusion between locations over the found cells of known locations; a cell may count in several rows. */
export function confusionOf(
  records: Iterable<CellRecord>,
  threshold: number,
  classes: number,
): LocationConfusion {
  const cells = new Array<number>(classes).fill(0);
  const missed = new Array<number>(classes).fill(0);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { locations, scores } of records) {
    if (locations === null || scores === null) continue;
    const called = calledLocations(scores, threshold);
    for (const t of locations) {
      cells[t]++;
      if (called.length === 0) missed[t]++;
      for (const p of called) if (p === t || !locations.includes(p)) counts[t][p]++;
    }
  }
  return {
    cells,
    shares: counts.map((row, t) => row.map((count) => count / cells[t])),
    missed: missed.map((count, t) => count / cells[t]),
  };
}
