/** Optimisers as plain data, and their part of the training graph. */
import {
  adam,
  add,
  clipByNorm,
  concat,
  expand,
  type Graph,
  graphInput,
  mul,
  rmsprop,
  scalar,
  sgd,
  sub,
  type Value,
} from '../engine/index.js';

interface OptimizerBase {
  /** Before the schedule. @default 0.001; for sgd 0.01 */
  readonly learningRate?: number;
  /** For weights, not for biases and normalisation. @default 0 */
  readonly weightDecay?: number;
  /** Longest gradient, over all parameters together; none where absent. */
  readonly clipNorm?: number;
}

/** Weight decay is added to the gradient in `adam`; in `adamw` it shrinks the weights (Loshchilov & Hutter 2019). */
export interface AdamSpec extends OptimizerBase {
  readonly type: 'adam' | 'adamw';
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

export interface SgdSpec extends OptimizerBase {
  readonly type: 'sgd';
  /** @default 0 */
  readonly momentum?: number;
  /** @default false */
  readonly nesterov?: boolean;
}

export interface RmspropSpec extends OptimizerBase {
  readonly type: 'rmsprop';
  /** @default 0.99 */
  readonly decay?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

export type OptimizerSpec = AdamSpec | SgdSpec | RmspropSpec;

/** Learning rate where the description names none. */
export function baseLearningRate(spec: OptimizerSpec): number {
  return spec.learningRate ?? (spec.type === 'sgd' ? 0.01 : 0.001);
}

/** How many vectors of the parameters' size an optimiser keeps; all begin with zeros. */
export function optimizerStateCount(spec: OptimizerSpec): number {
  return { adam: 2, adamw: 2, sgd: 1, rmsprop: 1 }[spec.type];
}

/** Numbers fed at a step, counted from 1, as `optimizer.NAME`. */
export function stepScalars(spec: OptimizerSpec, step: number, learningRate: number): Record<string, number> {
  if (spec.type === 'sgd' || spec.type === 'rmsprop') return { learningRate };
  const { beta1, beta2 } = adamDefaults(spec);
  return { learningRate, correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step };
}

function adamDefaults({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamSpec) {
  return { beta1, beta2, epsilon };
}

/**
 * Appends the update; reads the state from inputs `state.0`, `state.1`, ... and gives the next values.
 * @param decaying the first so many parameters are those that weight decay applies to
 */
export function buildUpdate(
  graph: Graph,
  spec: OptimizerSpec,
  parameters: Value,
  slope: Value,
  decaying: number,
): { parameters: Value; state: readonly Value[] } {
  const rate = graphInput(graph, 'optimizer.learningRate', []);
  const state = (index: number) => graphInput(graph, `state.${index}`, parameters.shape);
  let gradient = spec.clipNorm === undefined ? slope : clipByNorm(slope, spec.clipNorm);
  let start = parameters;
  if (spec.weightDecay) {
    const decayed = mul(parameters, decayMask(graph, parameters.shape[0], decaying, spec.weightDecay));
    if (spec.type === 'adamw') start = sub(parameters, mul(decayed, rate));
    else gradient = add(gradient, decayed);
  }
  switch (spec.type) {
    case 'adam':
    case 'adamw': {
      const corrections = [1, 2].map((index) => graphInput(graph, `optimizer.correction${index}`, []));
      return adam(
        start,
        gradient,
        [state(0), state(1)],
        rate,
        corrections[0],
        corrections[1],
        adamDefaults(spec),
      );
    }
    case 'sgd': {
      const { momentum = 0, nesterov = false } = spec;
      return sgd(start, gradient, [state(0)], rate, { momentum, nesterov });
    }
    case 'rmsprop': {
      const { decay = 0.99, epsilon = 1e-8 } = spec;
      return rmsprop(start, gradient, [state(0)], rate, { decay, epsilon });
    }
  }
}

/** The decay for the first parameters, 0 for the others. */
function decayMask(graph: Graph, size: number, decaying: number, decay: number): Value {
  const parts = [expand(scalar(graph, decay), [decaying]), expand(scalar(graph, 0), [size - decaying])];
  return concat(
    parts.filter(({ shape }) => shape[0] > 0),
    0,
  );
}
