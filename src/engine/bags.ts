/** Multiple-instance pooling: from the logits of the members of a bag to the logit that at least one of them says yes. */

import { softplus } from './activations.js';
import { add, divide, exp, log, maximum, mul, negate, stopGradient, sub } from './elementwise.js';
import type { Value } from './graph.js';
import { max, mean, sum } from './reductions.js';
import { expectRank } from './shapes.js';

/** Keeps the logarithm finite where no member says anything. */
const LEAST_PROBABILITY = 1e-6;

/**
 * Noisy-or: the bag says yes unless every member says no, members taken as independent: p = 1 - product(1 - sigmoid(z)).
 * Logits [bags, members, classes] to logits [bags, classes]. With S = sum softplus(z), p = 1 - exp(-S), so its logit is
 * S + log(1 - exp(-S)), which does not overflow.
 */
export function noisyOr(logits: Value): Value {
  expectRank('noisyOr', 'logits', logits, 3);
  const total = sum(softplus(logits), { axes: [1] });
  return add(total, log(maximum(sub(1, exp(negate(total))), LEAST_PROBABILITY)));
}

/**
 * A soft maximum (Pinheiro & Collobert 2015): log(mean(exp(r z))) / r over the members. Logits [bags, members, classes] to
 * logits [bags, classes].
 * @param sharpness r: towards 0 the mean, towards infinity the maximum
 */
export function logMeanExp(logits: Value, sharpness: number): Value {
  expectRank('logMeanExp', 'logits', logits, 3);
  const scaled = mul(logits, sharpness);
  // Any number may be taken out of the logarithm; the largest keeps the exponentials at 1 or below.
  const top = stopGradient(max(scaled, { axes: [1], keepAxes: true }));
  const pooled = log(mean(exp(sub(scaled, top)), { axes: [1], keepAxes: true }));
  return divide(sum(add(pooled, top), { axes: [1] }), sharpness);
}
