/** One line of a benchmark: ours and a peer's figure for the same work, from one interleaved run. */
export interface BenchResult {
  readonly case: string;
  readonly ours: number;
  /** null where the peer is not installed, or there is none. */
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly unit: string;
  /** Above 1 = ours is better. */
  readonly ratio: number | null;
  /** Highest resident memory of our process. */
  readonly peakMemoryMb: number | null;
  /** The same of the peer's process, where it was measured. */
  readonly peerPeakMemoryMb?: number | null;
}

/** A benchmark of one area, named as in `npm run bench -- NAME`. */
export interface Benchmark {
  readonly name: string;
  readonly what: string;
  /** @param wanted says which cases are asked for; one that takes long is left out where it is not */
  run(wanted: (name: string) => boolean): Promise<BenchResult[]>;
}

/** Middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
