/** Pooling over windows and over the whole image. */

import { steep } from './activations.js';
import { divide, mul, sub } from './elementwise.js';
import { constant, emit, integers, record, sizeOf, type Value } from './graph.js';
import { expand, reshape, scalarLike } from './layout.js';
import { matmul } from './matmul.js';
import { mean } from './reductions.js';
import { expectRank, largestDivisor } from './shapes.js';
import { pair, planWindow, type Size2d, type WindowOptions, windowAttributes } from './windows.js';

export interface PoolOptions extends Omit<WindowOptions, 'dilation'> {
  /** The window's size where absent. */
  readonly stride?: Size2d;
}

/**
 * Largest element of each window: [N, C, H, W] to [N, C, H', W']; padding never wins. ONNX `MaxPool`. Of equal elements
 * the first gets the gradient where windows overlap or leave a rest; where they tile the image, equal ones share it.
 */
export function maxPool(x: Value, size: Size2d, options: PoolOptions = {}): Value {
  expectRank('maxPool', 'input', x, 4);
  const window = planWindow('maxPool', x, size, { ...options, stride: options.stride ?? size });
  const { kernel, stride, pads, outHeight, outWidth } = window;
  const node = x.graph.nodes.length;
  const y = emit(
    x.graph,
    'MaxPool',
    [x],
    { shape: [x.shape[0], x.shape[1], outHeight, outWidth] },
    windowAttributes(window),
  );
  const tiles =
    pads.every((p) => p === 0) &&
    [outHeight, outWidth].every(
      (count, axis) => stride[axis] === kernel[axis] && count * stride[axis] === x.shape[axis + 2],
    );
  record([x], [y], ([gradient]) => [
    tiles ? spreadToLargest(x, y, gradient!, kernel) : scatterToLargest(x, y, node, gradient!),
  ]);
  return y;
}

/**
 * Gradient of a pooling whose windows tile the image: comparison of each element with its window's largest. Several
 * times faster than pooling with indices and unpooling, which ONNX Runtime does not vectorise.
 */
function spreadToLargest(x: Value, y: Value, gradient: Value, kernel: readonly [number, number]): Value {
  const [kh, kw] = kernel;
  const rows = [sizeOf(y.shape) / y.shape[3], kh, x.shape[3]];
  // No element is above its window's largest: the difference is 0 or negative.
  const hits = steep(sub(reshape(x, rows), repeatAcross(y, kw)), 1);
  const count = mul(averagePool(reshape(hits, x.shape), kernel), kh * kw);
  return reshape(mul(hits, repeatAcross(divide(gradient, count), kw)), x.shape);
}

/** Widest piece of a row that `repeatAcross` takes at a time: the work grows with it, the number of pieces falls. */
const REPEATED_PIECE = 16;

/** Each element `times` times along the row: [N, C, H, W] to [N C H, 1, W times]. As a product with ones and zeros,
 * which is exact for finite numbers and faster here than ONNX's `Resize` or `Tile`. */
function repeatAcross(x: Value, times: number): Value {
  const width = x.shape[3];
  const piece = largestDivisor(width, REPEATED_PIECE);
  const ones = new Float32Array(piece * piece * times);
  for (let i = 0; i < piece; i++) ones.fill(1, i * (piece + 1) * times, i * (piece + 1) * times + times);
  const repeated = matmul(
    reshape(x, [sizeOf(x.shape) / piece, piece]),
    constant(x.graph, ones, [piece, piece * times]),
  );
  return reshape(repeated, [sizeOf(x.shape) / width, 1, width * times]);
}

/** Gradient of any max pooling, by the indices of the largest elements. */
function scatterToLargest(x: Value, y: Value, node: number, gradient: Value): Value {
  const { graph } = x;
  // The indices are asked for only when a gradient is: a plain MaxPool is faster.
  const indices: Value = { graph, name: `${y.name}_indices`, type: 'int64', shape: y.shape };
  graph.nodes[node] = { ...graph.nodes[node], outputs: [y.name, indices.name] };
  const flatSize = [sizeOf(y.shape)];
  const flatIndices = emit(graph, 'Reshape', [indices, integers(graph, flatSize)], {
    shape: flatSize,
    type: 'int64',
  });
  const scattered = emit(
    graph,
    'ScatterElements',
    [expand(scalarLike(x, 0), [sizeOf(x.shape)]), flatIndices, reshape(gradient, flatSize)],
    { shape: [sizeOf(x.shape)] },
    { axis: 0, reduction: 'add' },
  );
  return reshape(scattered, x.shape);
}

/**
 * Mean of each window, padding left out of the count: [N, C, H, W] to [N, C, H', W']. ONNX `AveragePool`; its gradient
 * is a depthwise transposed convolution with ones.
 */
export function averagePool(x: Value, size: Size2d, options: PoolOptions = {}): Value {
  expectRank('averagePool', 'input', x, 4);
  const { graph } = x;
  const [n, channels, height, width] = x.shape;
  const window = planWindow('averagePool', x, size, { ...options, stride: options.stride ?? size });
  const { kernel, stride, pads, outHeight, outWidth } = window;
  const y = emit(
    graph,
    'AveragePool',
    [x],
    { shape: [n, channels, outHeight, outWidth] },
    {
      ...windowAttributes(window),
      count_include_pad: 0,
    },
  );
  record([x], [y], ([gradient]) => {
    const shares = constant(graph, windowShares(window, height, width), [1, 1, outHeight, outWidth]);
    const [kh, kw] = pair(size);
    const ones = constant(graph, new Float32Array(kh * kw).fill(1), [1, 1, kh, kw]);
    // Channels become samples: one filter then serves all.
    const planes = reshape(mul(gradient!, shares), [n * channels, 1, outHeight, outWidth]);
    const rest = [
      height - ((outHeight - 1) * stride[0] - pads[0] - pads[2] + kernel[0]),
      width - ((outWidth - 1) * stride[1] - pads[1] - pads[3] + kernel[1]),
    ];
    const spread = emit(
      graph,
      'ConvTranspose',
      [planes, ones],
      { shape: [n * channels, 1, height, width] },
      { ...windowAttributes({ ...window, automatic: false }), output_padding: rest },
    );
    return [reshape(spread, x.shape)];
  });
  return y;
}

/** For each window 1 / (number of its elements inside the image). */
function windowShares(
  window: {
    kernel: readonly number[];
    stride: readonly number[];
    pads: readonly number[];
    outHeight: number;
    outWidth: number;
  },
  height: number,
  width: number,
): Float32Array {
  const inside = (axis: number, index: number, size: number) => {
    const start = index * window.stride[axis] - window.pads[axis];
    return Math.min(size, start + window.kernel[axis]) - Math.max(0, start);
  };
  const shares = new Float32Array(window.outHeight * window.outWidth);
  for (let row = 0; row < window.outHeight; row++) {
    for (let column = 0; column < window.outWidth; column++) {
      shares[row * window.outWidth + column] = 1 / (inside(0, row, height) * inside(1, column, width));
    }
  }
  return shares;
}

/** Mean over height and width: [N, C, H, W] to [N, C]. ONNX `ReduceMean`. */
export function globalAveragePool(x: Value): Value {
  expectRank('globalAveragePool', 'input', x, 4);
  return mean(x, { axes: [2, 3] });
}
