/** Losses, entry by entry, and the weighted mean that makes one number of them. */
import { logSoftmax, sigmoid } from './activations.js';
import { abs, add, divide, exp, greater, log, maximum, mul, negate, pow, sub, where } from './elementwise.js';
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

/**
 * Focal loss for independent questions (Lin et al. 2017): alpha_t (1 - p_t)^gamma times the sigmoid cross-entropy, p_t
 * the probability given to the truth, alpha_t = alpha where the target is 1 and 1 - alpha where it is 0 (1 everywhere
 * where alpha is null). Shapes as `sigmoidCrossEntropy`. No gradient to the targets.
 */
export function focalCrossEntropy(
  logits: Value,
  targets: Value,
  gamma = 2,
  alpha: number | null = null,
): Value {
  const entries = sigmoidCrossEntropy(logits, targets);
  const p = sigmoid(logits);
  const miss = sub(add(p, targets), mul(mul(p, targets), 2));
  // A floor keeps the power's slope finite where nothing is missed.
  const focused = mul(entries, pow(maximum(miss, 1e-12), gamma));
  return alpha === null ? focused : mul(focused, add(mul(targets, 2 * alpha - 1), 1 - alpha));
}

/**
 * Dice loss (Milletari et al. 2016) of each sample and class: 1 - (2 sum(p t) + s) / (sum(p) + sum(t) + s), sums over
 * positions; probabilities and targets [N, C, ...], result [N, C]. No gradient to the targets.
 * @param smoothing s, so that an empty truth met by an empty answer costs nothing
 */
export function diceLoss(probabilities: Value, targets: Value, smoothing = 1): Value {
  expectShape('diceLoss', 'targets', targets, probabilities.shape);
  const axes = probabilities.shape.flatMap((_, axis) => (axis > 1 ? [axis] : []));
  const common = sum(mul(probabilities, targets), { axes });
  const both = add(sum(probabilities, { axes }), sum(targets, { axes }));
  return sub(1, divide(add(mul(common, 2), smoothing), add(both, smoothing)));
}

/**
 * Smooth L1 loss (Girshick 2015): d^2 / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere, d = x - target; shapes
 * equal, as the result.
 */
export function smoothL1(x: Value, targets: Value, beta = 1): Value {
  expectShape('smoothL1', 'targets', targets, x.shape);
  const distance = abs(sub(x, targets));
  const square = mul(mul(distance, distance), 0.5 / beta);
  return where(greater(beta, distance), square, sub(distance, beta / 2));
}

/**
 * Kullback-Leibler divergence sum t (log t - log softmax(logits)) over classes: logits and target probabilities
 * [N, C, ...], result [N, 1, ...]; a class of probability 0 adds nothing. No gradient to the targets.
 */
export function klDivergence(logits: Value, targets: Value): Value {
  expectShape('klDivergence', 'targets', targets, logits.shape);
  const entropy = log(maximum(targets, 1e-30));
  return sum(mul(targets, sub(entropy, logSoftmax(logits, 1))), { axes: [1], keepAxes: true });
}
