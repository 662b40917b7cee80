/** Operators on each element alone: arithmetic with broadcasting, powers, comparisons, choice. */
import { emit, record, type Value } from './graph.js';
import { scalarLike, sumTo } from './layout.js';
import { broadcastShapes } from './shapes.js';

/** A value, or a number that stands for a scalar constant. */
export type Operand = Value | number;

function operands(a: Operand, b: Operand): [Value, Value] {
  if (typeof a === 'number') {
    if (typeof b === 'number') throw new TypeError('an elementwise operator needs at least one value');
    return [scalarLike(b, a), b];
  }
  return [a, typeof b === 'number' ? scalarLike(a, b) : b];
}

type BinaryGradient = (gradient: Value, a: Value, b: Value, y: Value) => Value;

function binary(
  op: string,
  a: Operand,
  b: Operand,
  gradientA: BinaryGradient,
  gradientB: BinaryGradient,
): Value {
  const [x, y] = operands(a, b);
  const shape = broadcastShapes(op.toLowerCase(), x.shape, y.shape);
  const out = emit(x.graph, op, [x, y], { shape });
  record([x, y], [out], ([gradient], [needX, needY]) => [
    needX ? sumTo(gradientA(gradient!, x, y, out), x.shape) : null,
    needY ? sumTo(gradientB(gradient!, x, y, out), y.shape) : null,
  ]);
  return out;
}

function unary(op: string, x: Value, derivative: (gradient: Value, y: Value) => Value): Value {
  const y = emit(x.graph, op, [x], { shape: x.shape });
  record([x], [y], ([gradient]) => [derivative(gradient!, y)]);
  return y;
}

/** a + b, broadcast. ONNX `Add`. */
export function add(a: Operand, b: Operand): Value {
  return binary(
    'Add',
    a,
    b,
    (gradient) => gradient,
    (gradient) => gradient,
  );
}

/** a - b, broadcast. ONNX `Sub`. */
export function sub(a: Operand, b: Operand): Value {
  return binary('Sub', a, b, (gradient) => gradient, negate);
}

/** a b, broadcast. ONNX `Mul`. */
export function mul(a: Operand, b: Operand): Value {
  return binary(
    'Mul',
    a,
    b,
    (gradient, _, y) => mul(gradient, y),
    (gradient, x) => mul(gradient, x),
  );
}

/** a / b, broadcast. ONNX `Div`. */
export function divide(a: Operand, b: Operand): Value {
  return binary(
    'Div',
    a,
    b,
    (gradient, _, y) => divide(gradient, y),
    (gradient, _, y, out) => negate(divide(mul(gradient, out), y)),
  );
}

/** a to the power b, broadcast; a > 0 where b is to be differentiated. ONNX `Pow`. */
export function pow(a: Operand, b: Operand): Value {
  return binary(
    'Pow',
    a,
    b,
    (gradient, x, y) => mul(gradient, mul(y, pow(x, sub(y, 1)))),
    (gradient, x, _, out) => mul(gradient, mul(out, log(x))),
  );
}

/** The larger of a and b, broadcast; where equal, the gradient goes to a. ONNX `Max`. */
export function maximum(a: Operand, b: Operand): Value {
  return binary(
    'Max',
    a,
    b,
    (gradient, x, y) => mul(gradient, toFloat(greaterOrEqual(x, y))),
    (gradient, x, y) => mul(gradient, toFloat(greater(y, x))),
  );
}

/** The smaller of a and b, broadcast; where equal, the gradient goes to a. ONNX `Min`. */
export function minimum(a: Operand, b: Operand): Value {
  return binary(
    'Min',
    a,
    b,
    (gradient, x, y) => mul(gradient, toFloat(greaterOrEqual(y, x))),
    (gradient, x, y) => mul(gradient, toFloat(greater(x, y))),
  );
}

/** -x. ONNX `Neg`. */
export function negate(x: Value): Value {
  return unary('Neg', x, negate);
}

/** e to the power x. ONNX `Exp`. */
export function exp(x: Value): Value {
  return unary('Exp', x, (gradient, y) => mul(gradient, y));
}

/** Natural logarithm, x > 0. ONNX `Log`. */
export function log(x: Value): Value {
  return unary('Log', x, (gradient) => divide(gradient, x));
}

/** Square root, x > 0 where differentiated. ONNX `Sqrt`. */
export function sqrt(x: Value): Value {
  return unary('Sqrt', x, (gradient, y) => divide(mul(gradient, 0.5), y));
}

/** |x|, with gradient 0 at 0. ONNX `Abs`. */
export function abs(x: Value): Value {
  return unary('Abs', x, (gradient) => mul(gradient, emit(x.graph, 'Sign', [x], { shape: x.shape })));
}

/** Error function. ONNX `Erf`; derivative 2/sqrt(pi) exp(-x^2). */
export function erf(x: Value): Value {
  return unary('Erf', x, (gradient) => mul(gradient, mul(exp(negate(mul(x, x))), 2 / Math.sqrt(Math.PI))));
}

/** x held between two numbers; the gradient is 0 outside. ONNX `Clip`. */
export function clip(x: Value, low: number, high: number): Value {
  const bounds = [scalarLike(x, low), scalarLike(x, high)];
  const y = emit(x.graph, 'Clip', [x, ...bounds], { shape: x.shape });
  record([x], [y], ([gradient]) => {
    const inside = emit(x.graph, 'And', [greaterOrEqual(x, low), greaterOrEqual(scalarLike(x, high), x)], {
      shape: x.shape,
      type: 'bool',
    });
    return [mul(gradient!, toFloat(inside))];
  });
  return y;
}

/** Where the condition holds, a; else b; all three broadcast. ONNX `Where`. No gradient to the condition. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const x = typeof a === 'number' ? scalarLike(condition, a) : a;
  const y = typeof b === 'number' ? scalarLike(condition, b) : b;
  const shape = broadcastShapes('where', broadcastShapes('where', condition.shape, x.shape), y.shape);
  const out = emit(condition.graph, 'Where', [condition, x, y], { shape });
  record([x, y], [out], ([gradient], [needX, needY]) => [
    needX ? sumTo(where(condition, gradient!, 0), x.shape) : null,
    needY ? sumTo(where(condition, 0, gradient!), y.shape) : null,
  ]);
  return out;
}

function compare(op: string, a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return emit(x.graph, op, [x, y], {
    shape: broadcastShapes(op.toLowerCase(), x.shape, y.shape),
    type: 'bool',
  });
}

/** a > b as a boolean value, broadcast. ONNX `Greater`. No gradient. */
export function greater(a: Operand, b: Operand): Value {
  return compare('Greater', a, b);
}

/** a >= b as a boolean value, broadcast. ONNX `GreaterOrEqual`. No gradient. */
export function greaterOrEqual(a: Operand, b: Operand): Value {
  return compare('GreaterOrEqual', a, b);
}

/** a = b as a boolean value, broadcast. ONNX `Equal`. No gradient. */
export function equal(a: Operand, b: Operand): Value {
  return compare('Equal', a, b);
}

/** Booleans or integers as floats. ONNX `Cast`. No gradient. */
export function toFloat(x: Value): Value {
  return emit(x.graph, 'Cast', [x], { shape: x.shape }, { to: 1 });
}

/** x, through which no gradient flows back. */
export function stopGradient(x: Value): Value {
  return emit(x.graph, 'Identity', [x], { shape: x.shape, type: x.type });
}
