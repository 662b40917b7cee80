/** Optimisers: from parameters, gradients and state to the next parameters and state, on flat vectors. */
import { add, divide, mul, sqrt, sub } from './elementwise.js';
import type { Value } from './graph.js';

export interface OptimizerStep {
  readonly parameters: Value;
  /** Next state, in the order of the state that was given. */
  readonly state: readonly Value[];
}

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * Adam (Kingma & Ba 2015): m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
 * p = p - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
 * @param state m and v, zeros at the start
 * @param rate scalar: learning rate of this step
 * @param correction1 scalar 1 - b1^t
 * @param correction2 scalar 1 - b2^t, t = 1 at the first step
 */
export function adam(
  parameters: Value,
  gradient: Value,
  state: readonly [Value, Value],
  rate: Value,
  correction1: Value,
  correction2: Value,
  options: AdamOptions,
): OptimizerStep {
  const { beta1, beta2, epsilon } = options;
  const m = add(mul(state[0], beta1), mul(gradient, 1 - beta1));
  const v = add(mul(state[1], beta2), mul(mul(gradient, gradient), 1 - beta2));
  const spread = add(divide(sqrt(v), sqrt(correction2)), epsilon);
  const step = mul(divide(m, spread), divide(rate, correction1));
  return { parameters: sub(parameters, step), state: [m, v] };
}
