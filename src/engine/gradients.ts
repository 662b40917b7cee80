import { ShapeError } from '../common/index.js';
import { emit, type Value } from './graph.js';
import { expand, scalarLike } from './layout.js';

/**
 * Reverse-mode differentiation: appends to the graph the gradients of a scalar with respect to each given value, and
 * returns them in the same order. A value that the scalar does not depend on gets zeros.
 * @throws ShapeError `gradient-not-scalar`
 */
export function gradients(loss: Value, withRespectTo: readonly Value[]): Value[] {
  if (loss.shape.length > 0) {
    throw new ShapeError(
      'gradient-not-scalar',
      `gradients: the loss must be a scalar, got shape [${loss.shape}]`,
    );
  }
  const { graph } = loss;
  const forwardTape = [...graph.tape];
  const influenced = new Set<Value>(withRespectTo);
  for (const { inputs, outputs } of forwardTape) {
    if (inputs.some((value) => influenced.has(value))) for (const value of outputs) influenced.add(value);
  }

  const parts = new Map<Value, Value[]>([[loss, [scalarLike(loss, 1)]]]);
  const total = (value: Value): Value | null => {
    const list = parts.get(value);
    if (!list) return null;
    if (list.length > 1) parts.set(value, [emit(graph, 'Sum', list, { shape: value.shape })]);
    return parts.get(value)![0];
  };
  for (const { inputs, outputs, gradient } of forwardTape.reverse()) {
    const needed = inputs.map((value) => influenced.has(value));
    if (!needed.includes(true) || !outputs.some((value) => parts.has(value))) continue;
    const inputGradients = gradient(outputs.map(total), needed);
    inputs.forEach((value, index) => {
      const part = inputGradients[index];
      if (!needed[index] || !part) return;
      const list = parts.get(value);
      if (list) list.push(part);
      else parts.set(value, [part]);
    });
  }
  return withRespectTo.map((value) => total(value) ?? expand(scalarLike(value, 0), value.shape));
}
