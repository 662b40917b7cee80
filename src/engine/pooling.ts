/** Pooling over windows and over the whole image. */

import { mul } from './elementwise.js';
import { constant, emit, integers, record, sizeOf, type Value } from './graph.js';
import { expand, reshape, scalarLike } from './layout.js';
import { mean } from './reductions.js';
import { expectRank } from './shapes.js';
import { pair, planWindow, type Size2d, type WindowOptions, windowAttributes } from './windows.js';

export interface PoolOptions extends Omit<WindowOptions, 'dilation'> {
  /** The window's size where absent. */
  readonly stride?: Size2d;
}

/**
 * Largest element of each window: [N, C, H, W] to [N, C, H', W']; padding never wins. ONNX `MaxPool`; its gradient
 * goes to the first of equal elements.
 */
export function maxPool(x: Value, size: Size2d, options: PoolOptions = {}): Value {
  expectRank('maxPool', 'input', x, 4);
  const { graph } = x;
  const window = planWindow('maxPool', x, size, { ...options, stride: options.stride ?? size });
  const shape = [x.shape[0], x.shape[1], window.outHeight, window.outWidth];
  const attributes = windowAttributes(window);
  const node = graph.nodes.length;
  const y = emit(graph, 'MaxPool', [x], { shape }, attributes);
  record([x], [y], ([gradient]) => {
    // The indices are asked for only when a gradient is: a plain MaxPool is faster.
    const indices: Value = { graph, name: `${y.name}_indices`, type: 'int64', shape };
    graph.nodes[node] = { ...graph.nodes[node], outputs: [y.name, indices.name] };
    const { stride, kernel, pads } = window;
    const overlapping = stride[0] < kernel[0] || stride[1] < kernel[1] || pads.some((p) => p > 0);
    if (!overlapping) {
      const onnxShape = integers(graph, x.shape);
      return [
        emit(
          graph,
          'MaxUnpool',
          [gradient!, indices, onnxShape],
          { shape: x.shape },
          {
            kernel_shape: kernel,
            strides: stride,
          },
        ),
      ];
    }
    const flatSize = [sizeOf(shape)];
    const flatIndices = emit(graph, 'Reshape', [indices, integers(graph, flatSize)], {
      shape: flatSize,
      type: 'int64',
    });
    const scattered = emit(
      graph,
      'ScatterElements',
      [expand(scalarLike(x, 0), [sizeOf(x.shape)]), flatIndices, reshape(gradient!, flatSize)],
      { shape: [sizeOf(x.shape)] },
      { axis: 0, reduction: 'add' },
    );
    return [reshape(scattered, x.shape)];
  });
  return y;
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
