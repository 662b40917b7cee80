/** Pooling over windows and over the whole image. */

import { steep } from './activations.js';
import { divide, mul, sub } from './elementwise.js';
import { constant, emit, record, sizeOf, type Value } from './graph.js';
import { reshape } from './layout.js';
import { matmul } from './matmul.js';
import { mean, sum } from './reductions.js';
import { expectRank, largestDivisor } from './shapes.js';
import {
  pair,
  planWindow,
  type Size2d,
  type Window,
  type WindowOptions,
  windowAttributes,
} from './windows.js';

export interface PoolOptions extends Omit<WindowOptions, 'dilation'> {
  /** The window's size where absent. */
  readonly stride?: Size2d;
}

/**
 * Largest element of each window: [N, C, H, W] to [N, C, H', W']; padding never wins. ONNX `MaxPool`. Equal elements
 * share the gradient.
 */
export function maxPool(x: Value, size: Size2d, options: PoolOptions = {}): Value {
  expectRank('maxPool', 'input', x, 4);
  const window = planWindow('maxPool', x, size, { ...options, stride: options.stride ?? size });
  const { kernel, stride, pads, outHeight, outWidth } = window;
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
    tiles ? spreadToLargest(x, y, gradient!, kernel) : scatterToLargest(x, y, gradient!, window),
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

/**
 * Gradient of any max pooling. Filters with a single one lay the elements of each window side by side, as channels, and their transposed
 * convolution takes the gradient of the largest back to its place. WebGPU's `MaxPool` gives no indices.
 */
function scatterToLargest(x: Value, y: Value, gradient: Value, window: Window): Value {
  const { graph } = x;
  const [n, channels, height, width] = x.shape;
  const { outHeight, outWidth } = window;
  const elements = window.kernel[0] * window.kernel[1];
  const picks = new Float32Array(elements * elements);
  for (let i = 0; i < elements; i++) picks[i * (elements + 1)] = 1;
  const filters = constant(graph, picks, [elements, 1, ...window.kernel]);
  const fixed = windowAttributes({ ...window, automatic: false });
  // Channels become samples: one set of filters then serves all.
  const planes = (value: Value) => reshape(value, [n * channels, 1, value.shape[2], value.shape[3]]);
  const sideBySide = (value: Value) =>
    emit(graph, 'Conv', [value, filters], { shape: [value.shape[0], elements, outHeight, outWidth] }, fixed);
  const inside = sideBySide(constant(graph, new Float32Array(height * width).fill(1), [1, 1, height, width]));
  // No element is above its window's largest: the difference is 0 or negative.
  const hits = mul(steep(sub(sideBySide(planes(x)), planes(y)), 1), inside);
  const shares = mul(hits, divide(planes(gradient), sum(hits, { axes: [1], keepAxes: true })));
  const spread = emit(
    graph,
    'ConvTranspose',
    [shares, filters],
    { shape: [n * channels, 1, height, width] },
    { ...fixed, output_padding: unreached(window, height, width) },
  );
  return reshape(spread, x.shape);
}

/** Rows and columns at the bottom and right that no window reaches. */
function unreached(
  { kernel, stride, pads, outHeight, outWidth }: Window,
  height: number,
  width: number,
): number[] {
  return [
    height - ((outHeight - 1) * stride[0] - pads[0] - pads[2] + kernel[0]),
    width - ((outWidth - 1) * stride[1] - pads[1] - pads[3] + kernel[1]),
  ];
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
  const { outHeight, outWidth } = window;
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
    const spread = emit(
      graph,
      'ConvTranspose',
      [planes, ones],
      { shape: [n * channels, 1, height, width] },
      {
        ...windowAttributes({ ...window, automatic: false }),
        output_padding: unreached(window, height, width),
      },
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
