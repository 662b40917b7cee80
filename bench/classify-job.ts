/** What both sides of the classify benchmark are asked to do. */
import type { ModelSpec } from '../src/learn/index.js';

export interface ClassifyJob {
  readonly model: ModelSpec;
  /** Crops kept in memory; a turn scores them all. */
  readonly crops: number;
  /** Crops a run of the network. */
  readonly batch: number;
  /** A second size that the peer tries: ours divides a batch by itself. */
  readonly smallBatch: number;
  readonly threads: number;
}
