/** Losses, entry by entry, and the weighted mean that makes one number of them. */
import { logSoftmax, sigmoid } from './activations.js';
import { abs, add, divide, exp, log, maximum, mul, negate, sub } from './elementwise.js';
import { emit, record, type Value } from './graph.js';
import { expand, scalarLike } from './layout.js';
import { sum } from './reductions.js';
import { expectShape } from './shapes.js';

export interface WeightedMean {
  readonly mean: Value;
  /** Sum of the weights: means of several batches are joined by it. */
  readonly weight: Value;
}

/**
 * sum(weights entries) / sum(weights), or 0 where all weights are 0: an entry of weight 0 does not count at all.
 * Weights (none: all 1) broadcast against the entries; they must not depend on what is trained.
 */
export function weightedMean(entries: Value, weights: Value | null): WeightedMean {
  const spread = expand(weights ?? scalarLike(entries, 1), entries.shape);
  const weight = sum(spread);
  return { mean: divide(sum(mul(entries, spread)), maximum(weight, 1e-12)), weight };
}

/**
 * -t log s - (1 - t) log(1 - s) with s = sigmoid(logit), as max(z, 0) - z t + log(1 + exp(-|z|)), which does not
 * overflow. Logits and targets (in [0, 1]) have one shape, as the result. The gradient is s - t; none to the targets.
 */
export function sigmoidCrossEntropy(logits: Value, targets: Value): Value {
  expectShape('sigmoidCrossEntropy', 'targets', targets, logits.shape);
  const positive = emit(logits.graph, 'Relu', [logits], { shape: logits.shape });
  const mark = logits.graph.tape.length;
  const entries = add(sub(positive, mul(logits, targets)), log(add(exp(negate(abs(logits))), 1)));
  logits.graph.tape.splice(mark);
  record([logits], [entries], ([gradient]) => [mul(gradient!, sub(sigmoid(logits), targets))]);
  return entries;
}

/**
 * -sum over classes of t log softmax(logits): logits and target probabilities [N, C, ...], result [N, 1, ...].
 * No gradient to the targets.
 */
export function softmaxCrossEntropy(logits: Value, targets: Value): Value {
  expectShape('softmaxCrossEntropy', 'targets', targets, logits.shape);
  return negate(sum(mul(logSoftmax(logits, 1), targets), { axes: [1], keepAxes: true }));
}
