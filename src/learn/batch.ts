/** What a training reads: batches of samples from a source that can prepare the next while one is being learnt. */

export interface Batch {
  /** Number of samples; in training always the full batch size. */
  readonly count: number;
  /** For each model input: its samples one after the other. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** For each loss's output: the truth, one after the other. */
  readonly targets: Readonly<Record<string, Float32Array>>;
  /** One weight a sample; all 1 where absent. */
  readonly sampleWeights?: Float32Array;
  /** For each loss with `entryWeights`: one weight an entry of the targets (0 = does not count). */
  readonly entryWeights?: Readonly<Record<string, Float32Array>>;
}

/**
 * Asks the network in training, as it stands, for the layers named in `FitOptions.asks`: one full batch of its inputs.
 * For batches that depend on what the network finds, e.g. on its proposals.
 */
export type Ask = (
  inputs: Readonly<Record<string, Float32Array>>,
) => Promise<Readonly<Record<string, Float32Array>>>;

export interface BatchSource {
  /** Batches an epoch. */
  readonly steps: number;
  /**
   * The batches of one epoch (counted from 0) in order. What it yields may depend on the epoch (and on what `ask` tells)
   * only, so that a resumed training sees what an unbroken one would have seen. `fit` asks for the next batch before it
   * learns from the last.
   */
  read(epoch: number, ask?: Ask): AsyncIterable<Batch> | Iterable<Batch>;
}
