/** Sums, means and extremes along axes. */

import { divide, equal, mul, toFloat } from './elementwise.js';
import { emit, integers, record, sizeOf, type Value } from './graph.js';
import { expand, reshape, scalarLike } from './layout.js';
import { normalAxis, reducedShape } from './shapes.js';

export interface ReduceOptions {
  /** Axes to reduce; all where absent. Negative ones count from the back. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with size 1. @default false */
  readonly keepAxes?: boolean;
}

interface Reduction {
  readonly axes: readonly number[];
  readonly keepAxes: boolean;
  readonly shape: readonly number[];
  /** The result's shape with the reduced axes kept. */
  readonly keptShape: readonly number[];
}

function plan(operator: string, x: Value, options: ReduceOptions): Reduction {
  const axes = (options.axes ?? x.shape.map((_, axis) => axis)).map((axis) =>
    normalAxis(operator, axis, x.shape.length),
  );
  const keepAxes = options.keepAxes ?? false;
  return {
    axes,
    keepAxes,
    shape: reducedShape(x.shape, axes, keepAxes),
    keptShape: reducedShape(x.shape, axes, true),
  };
}

/** Sum along axes. ONNX `ReduceSum`. */
export function sum(x: Value, options: ReduceOptions = {}): Value {
  const { axes, keepAxes, shape, keptShape } = plan('sum', x, options);
  // ONNX takes no axes for all of them.
  if (axes.length === 0) return x;
  const { graph } = x;
  const y = emit(graph, 'ReduceSum', [x, integers(graph, axes)], { shape }, { keepdims: keepAxes ? 1 : 0 });
  record([x], [y], ([gradient]) => [expand(reshape(gradient!, keptShape), x.shape)]);
  return y;
}

/** Mean along axes. ONNX `ReduceMean`. */
export function mean(x: Value, options: ReduceOptions = {}): Value {
  const { axes, keepAxes, shape, keptShape } = plan('mean', x, options);
  if (axes.length === 0) return x;
  const y = emit(x.graph, 'ReduceMean', [x], { shape }, { axes, keepdims: keepAxes ? 1 : 0 });
  const count = sizeOf(x.shape) / sizeOf(shape);
  record([x], [y], ([gradient]) => [
    expand(mul(reshape(gradient!, keptShape), scalarLike(x, 1 / count)), x.shape),
  ]);
  return y;
}

/** Sum of squares along axes. ONNX `ReduceSumSquare`. */
export function sumOfSquares(x: Value, options: ReduceOptions = {}): Value {
  const { axes, keepAxes, shape, keptShape } = plan('sumOfSquares', x, options);
  if (axes.length === 0) return mul(x, x);
  const y = emit(x.graph, 'ReduceSumSquare', [x], { shape }, { axes, keepdims: keepAxes ? 1 : 0 });
  record([x], [y], ([gradient]) => [mul(mul(reshape(gradient!, keptShape), scalarLike(x, 2)), x)]);
  return y;
}

/** Largest element along axes; equal ones share the gradient. ONNX `ReduceMax`. */
export function max(x: Value, options: ReduceOptions = {}): Value {
  return extreme('ReduceMax', 'max', x, options);
}

/** Smallest element along axes; equal ones share the gradient. ONNX `ReduceMin`. */
export function min(x: Value, options: ReduceOptions = {}): Value {
  return extreme('ReduceMin', 'min', x, options);
}

function extreme(op: string, operator: string, x: Value, options: ReduceOptions): Value {
  const { axes, keepAxes, shape, keptShape } = plan(operator, x, options);
  if (axes.length === 0) return x;
  const y = emit(x.graph, op, [x], { shape }, { axes, keepdims: keepAxes ? 1 : 0 });
  record([x], [y], ([gradient]) => {
    const hits = toFloat(equal(x, reshape(y, keptShape)));
    const share = divide(reshape(gradient!, keptShape), sum(hits, { axes, keepAxes: true }));
    return [mul(hits, share)];
  });
  return y;
}
