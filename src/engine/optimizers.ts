/** Optimisers: from parameters, gradient and state to the next ones, all flat vectors of one size. */
import { add, divide, minimum, mul, sqrt, sub } from './elementwise.js';
import type { Value } from './graph.js';
import { sumOfSquares } from './reductions.js';

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

export interface SgdOptions {
  readonly momentum: number;
  /** Steps along g + momentum v in place of v (Sutskever et al. 2013). */
  readonly nesterov: boolean;
}

/**
 * Gradient descent with momentum: v = momentum v + g, p = p - rate v.
 * @param state v, zeros at the start
 */
export function sgd(
  parameters: Value,
  gradient: Value,
  state: readonly [Value],
  rate: Value,
  options: SgdOptions,
): OptimizerStep {
  const velocity = add(mul(state[0], options.momentum), gradient);
  const direction = options.nesterov ? add(gradient, mul(velocity, options.momentum)) : velocity;
  return { parameters: sub(parameters, mul(direction, rate)), state: [velocity] };
}

export interface RmspropOptions {
  /** Share of the old mean of squares that stays. */
  readonly decay: number;
  readonly epsilon: number;
}

/**
 * RMSprop (Tieleman & Hinton 2012): s = decay s + (1 - decay) g^2, p = p - rate g / (sqrt(s) + epsilon).
 * @param state s, zeros at the start
 */
export function rmsprop(
  parameters: Value,
  gradient: Value,
  state: readonly [Value],
  rate: Value,
  options: RmspropOptions,
): OptimizerStep {
  const { decay, epsilon } = options;
  const squares = add(mul(state[0], decay), mul(mul(gradient, gradient), 1 - decay));
  const step = mul(divide(gradient, add(sqrt(squares), epsilon)), rate);
  return { parameters: sub(parameters, step), state: [squares] };
}

/** The gradient, shortened to a Euclidean norm of at most `limit` (Pascanu, Mikolov & Bengio 2013). */
export function clipByNorm(gradient: Value, limit: number): Value {
  const norm = sqrt(sumOfSquares(gradient));
  return mul(gradient, minimum(divide(limit, add(norm, 1e-6)), 1));
}
