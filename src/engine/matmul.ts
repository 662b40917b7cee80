/** Matrix products and the dense layer built on them. */
import { ShapeError } from '../common/index.js';
import { emit, record, type Value } from './graph.js';
import { sumTo } from './layout.js';
import { sum } from './reductions.js';
import { broadcastShapes, expectRank, expectShape, showShape } from './shapes.js';

/**
 * x w^T + bias: [N, in] by [out, in] to [N, out]. ONNX `Gemm`.
 * @throws ShapeError `dense-features`
 */
export function dense(x: Value, weight: Value, bias?: Value): Value {
  expectRank('dense', 'input', x, 2);
  expectRank('dense', 'weight', weight, 2);
  const [n, features] = x.shape;
  const [units, expected] = weight.shape;
  if (features !== expected) {
    throw new ShapeError(
      'dense-features',
      `dense: weight expects ${expected} input features, input has ${features}`,
    );
  }
  if (bias) expectShape('dense', 'bias', bias, [units]);
  const inputs = bias ? [x, weight, bias] : [x, weight];
  const y = emit(x.graph, 'Gemm', inputs, { shape: [n, units] }, { transB: 1 });
  record(inputs, [y], ([gradient], [needX, needWeight, needBias]) => [
    needX ? matmul(gradient!, weight) : null,
    needWeight ? gemm(gradient!, x, true, false) : null,
    needBias ? sum(gradient!, { axes: [0] }) : null,
  ]);
  return y;
}

function gemm(a: Value, b: Value, transA: boolean, transB: boolean): Value {
  const shape = [a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]];
  const y = emit(a.graph, 'Gemm', [a, b], { shape }, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
  record([a, b], [y], ([gradient], [needA, needB]) => {
    const forA = needA
      ? transA
        ? gemm(b, gradient!, transB, true)
        : gemm(gradient!, b, false, !transB)
      : null;
    const forB = needB
      ? transB
        ? gemm(gradient!, a, true, transA)
        : gemm(a, gradient!, !transA, false)
      : null;
    return [forA, forB];
  });
  return y;
}

/**
 * Matrix product of the last two axes, the others broadcast as batches: [..., m, k] by [..., k, n] to [..., m, n].
 * ONNX `MatMul`.
 * @throws ShapeError `matmul-inner`
 */
export function matmul(a: Value, b: Value): Value {
  return product('matmul', a, b, false, false);
}

/**
 * As `matmul`, with either operand taken transposed in its last two axes. `com.microsoft` `FusedMatMul`, which reads
 * the operand in place: for training graphs, not for exported networks.
 */
export function transposedMatmul(a: Value, b: Value, transA: boolean, transB: boolean): Value {
  return product('transposedMatmul', a, b, transA, transB);
}

function product(operator: string, a: Value, b: Value, transA: boolean, transB: boolean): Value {
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new ShapeError(
      'matmul-rank',
      `${operator}: operands must have at least 2 axes, got ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  const [m, inner] = matrixSize(a, transA);
  const [innerB, n] = matrixSize(b, transB);
  if (inner !== innerB) {
    throw new ShapeError(
      'matmul-inner',
      `${operator}: inner sizes differ: ${showShape(a.shape)} gives ${inner}, ${showShape(b.shape)} gives ${innerB}`,
    );
  }
  const shape = [...broadcastShapes(operator, a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  const plain = !transA && !transB;
  const y = plain
    ? emit(a.graph, 'MatMul', [a, b], { shape })
    : emit(
        a.graph,
        'FusedMatMul',
        [a, b],
        { shape },
        { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
        'com.microsoft',
      );
  record([a, b], [y], ([gradient], [needA, needB]) => {
    const forA = () =>
      transA
        ? product(operator, b, gradient!, transB, true)
        : product(operator, gradient!, b, false, !transB);
    const forB = () =>
      transB
        ? product(operator, gradient!, a, true, transA)
        : product(operator, a, gradient!, !transA, false);
    return [needA ? sumTo(forA(), a.shape) : null, needB ? sumTo(forB(), b.shape) : null];
  });
  return y;
}

function matrixSize(x: Value, transposed: boolean): [number, number] {
  const [rows, columns] = x.shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}
