/** Activation functions. */

import { add, erf, exp, greater, mul, sub, where } from './elementwise.js';
import { emit, record, type Value } from './graph.js';
import { sum } from './reductions.js';
import { normalAxis } from './shapes.js';

/** max(x, 0), gradient 0 at 0. ONNX `Relu`. */
export function relu(x: Value): Value {
  const y = emit(x.graph, 'Relu', [x], { shape: x.shape });
  record([x], [y], ([gradient]) => [mul(gradient!, steep(y, 0))]);
  return y;
}

/**
 * min(1, max(0, 3e38 x + level)) as a fast comparison: with level 0 it is 1 where x is positive and 0 elsewhere, with
 * level 1 it is 0 where x is negative and 1 elsewhere (but for x nearer to 0 than 1e-38). ONNX `HardSigmoid`, which
 * takes a sixth of the time of a comparison and a cast. No gradient.
 */
export function steep(x: Value, level: 0 | 1): Value {
  const attributes = { alpha: { float: 3e38 }, beta: { float: level } };
  return emit(x.graph, 'HardSigmoid', [x], { shape: x.shape }, attributes);
}

/** x where positive, slope x elsewhere. ONNX `LeakyRelu`. @param slope 0.01 unless told */
export function leakyRelu(x: Value, slope = 0.01): Value {
  const y = emit(x.graph, 'LeakyRelu', [x], { shape: x.shape }, { alpha: { float: slope } });
  record([x], [y], ([gradient]) => [where(greater(x, 0), gradient!, mul(gradient!, slope))]);
  return y;
}

/** 1 / (1 + exp(-x)). ONNX `Sigmoid`. */
export function sigmoid(x: Value): Value {
  const y = emit(x.graph, 'Sigmoid', [x], { shape: x.shape });
  record([x], [y], ([gradient]) => [mul(gradient!, mul(y, sub(1, y)))]);
  return y;
}

/** Hyperbolic tangent. ONNX `Tanh`. */
export function tanh(x: Value): Value {
  const y = emit(x.graph, 'Tanh', [x], { shape: x.shape });
  record([x], [y], ([gradient]) => [mul(gradient!, sub(1, mul(y, y)))]);
  return y;
}

/** x sigmoid(x) (Elfwing, Uchibe & Doya 2018; also called swish). ONNX `Sigmoid`, `Mul`. */
export function silu(x: Value): Value {
  return mul(x, sigmoid(x));
}

/** x Phi(x) with the exact normal distribution function (Hendrycks & Gimpel 2016). ONNX `Erf` and arithmetic. */
export function gelu(x: Value): Value {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** exp(x) / sum exp(x) along an axis. ONNX `Softmax`. @param axis 1 unless told */
export function softmax(x: Value, axis = 1): Value {
  const along = normalAxis('softmax', axis, x.shape.length);
  const y = emit(x.graph, 'Softmax', [x], { shape: x.shape }, { axis: along });
  record([x], [y], ([gradient]) => {
    const weighted = mul(gradient!, y);
    return [sub(weighted, mul(y, sum(weighted, { axes: [along], keepAxes: true })))];
  });
  return y;
}

/** x - log sum exp(x) along an axis. ONNX `LogSoftmax`. @param axis 1 unless told */
export function logSoftmax(x: Value, axis = 1): Value {
  const along = normalAxis('logSoftmax', axis, x.shape.length);
  const y = emit(x.graph, 'LogSoftmax', [x], { shape: x.shape }, { axis: along });
  record([x], [y], ([gradient]) => [
    sub(gradient!, mul(exp(y), sum(gradient!, { axes: [along], keepAxes: true }))),
  ]);
  return y;
}

/** log(1 + exp(x)). ONNX `Softplus`. */
export function softplus(x: Value): Value {
  const y = emit(x.graph, 'Softplus', [x], { shape: x.shape });
  record([x], [y], ([gradient]) => [mul(gradient!, sigmoid(x))]);
  return y;
}

/**
 * Dropout (Srivastava et al. 2014): x times a mask that holds 0 for dropped elements and 1 / (1 - rate) for the
 * others. The mask is fed, so that a run can be repeated. ONNX `Mul`.
 */
export function dropout(x: Value, mask: Value): Value {
  return mul(x, mask);
}
