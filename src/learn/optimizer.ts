/** Optimisers as plain data, and their part of the training graph. */
import { adam, type Graph, graphInput, type Value } from '../engine/index.js';

export interface AdamSpec {
  readonly type: 'adam';
  /** @default 0.001 */
  readonly learningRate?: number;
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

export type OptimizerSpec = AdamSpec;

/** Numbers that change from step to step and are fed as scalars: `optimizer.NAME`. */
export type StepScalars = Readonly<Record<string, number>>;

/** Learning rate where the description names none. */
export function baseLearningRate(spec: OptimizerSpec): number {
  return spec.learningRate ?? 0.001;
}

/** How many vectors of the parameters' size an optimiser keeps; all begin with zeros. */
export function optimizerStateCount(spec: OptimizerSpec): number {
  return { adam: 2 }[spec.type];
}

/** The scalars of a step, counted from 1. */
export function stepScalars(spec: OptimizerSpec, step: number, learningRate: number): StepScalars {
  const { beta1, beta2 } = adamDefaults(spec);
  return { learningRate, correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step };
}

function adamDefaults({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamSpec) {
  return { beta1, beta2, epsilon };
}

/** Appends the update; reads the state from inputs `state.0`, `state.1`, ... and gives the next values. */
export function buildUpdate(
  graph: Graph,
  spec: OptimizerSpec,
  parameters: Value,
  gradient: Value,
): { parameters: Value; state: readonly Value[] } {
  const scalarInput = (name: string) => graphInput(graph, `optimizer.${name}`, []);
  const m = graphInput(graph, 'state.0', parameters.shape);
  const v = graphInput(graph, 'state.1', parameters.shape);
  const rate = scalarInput('learningRate');
  const correction1 = scalarInput('correction1');
  const correction2 = scalarInput('correction2');
  return adam(parameters, gradient, [m, v], rate, correction1, correction2, adamDefaults(spec));
}
