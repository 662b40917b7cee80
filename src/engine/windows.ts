/** Sliding windows over height and width: sizes, strides and padding of convolution and pooling. */
import { ShapeError } from '../common/index.js';
import type { Attribute, Value } from './graph.js';
import { expectInteger, showShape } from './shapes.js';

/** One number for both axes, or [height, width]. */
export type Size2d = number | readonly [number, number];

/**
 * `valid`: none. `same`: output size = ceil(input size / stride); an odd remainder goes to the bottom and right, as
 * ONNX's SAME_UPPER and TensorFlow have it. A number or [height, width]: on both sides. Four numbers: top, left,
 * bottom, right.
 */
export type Padding =
  | 'same'
  | 'valid'
  | number
  | readonly [number, number]
  | readonly [number, number, number, number];

export interface WindowOptions {
  /** @default 1 */
  readonly stride?: Size2d;
  /** @default 'valid' */
  readonly padding?: Padding;
  /** @default 1 */
  readonly dilation?: Size2d;
}

export interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  /** True where the padding follows from an input size that is free: the runtime then works it out. */
  readonly automatic: boolean;
  readonly outHeight: number;
  readonly outWidth: number;
}

export function pair(size: Size2d): readonly [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

/**
 * Window of a kernel over an input [N, C, H, W].
 * @throws ShapeError `window-larger-than-input`, `shape-option`, `window-free-size`
 */
export function planWindow(operator: string, x: Value, kernelSize: Size2d, options: WindowOptions): Window {
  const kernel = pair(kernelSize);
  const stride = pair(options.stride ?? 1);
  const dilation = pair(options.dilation ?? 1);
  for (const n of kernel) expectInteger(operator, 'kernel', n, 1);
  for (const n of stride) expectInteger(operator, 'stride', n, 1);
  for (const n of dilation) expectInteger(operator, 'dilation', n, 1);
  const padding = options.padding ?? 'valid';
  const size = [x.shape[2], x.shape[3]];
  const extent = [0, 1].map((axis) => (kernel[axis] - 1) * dilation[axis] + 1);
  let pads: [number, number, number, number];
  if (padding === 'same') {
    const total = [0, 1].map((axis) => {
      const out = Math.ceil(size[axis] / stride[axis]);
      return Math.max(0, (out - 1) * stride[axis] + extent[axis] - size[axis]);
    });
    pads = [total[0] >> 1, total[1] >> 1, (total[0] + 1) >> 1, (total[1] + 1) >> 1];
  } else if (padding === 'valid') pads = [0, 0, 0, 0];
  else if (typeof padding === 'number') pads = [padding, padding, padding, padding];
  else if (padding.length === 2) pads = [padding[0], padding[1], padding[0], padding[1]];
  else pads = [...padding];
  for (const n of pads) expectInteger(operator, 'padding', n, 0);

  const out = [0, 1].map((axis) => {
    const room = size[axis] + pads[axis] + pads[axis + 2] - extent[axis];
    if (room < 0) {
      throw new ShapeError(
        'window-larger-than-input',
        `${operator}: a window of ${extent.join('x')} does not fit an input of ${showShape(x.shape)} padded by [${pads}]`,
      );
    }
    return Math.floor(room / stride[axis]) + 1;
  });
  const strided = stride[0] > 1 || stride[1] > 1;
  const freeSize = x.graph.inputs.some(({ freeAxes }) => 2 in freeAxes || 3 in freeAxes);
  const automatic = padding === 'same' && strided && freeSize;
  if (automatic && (Math.max(...dilation) > 1 || stride.some((step, axis) => step > kernel[axis]))) {
    throw new ShapeError(
      'window-free-size',
      `${operator}: same padding with stride [${stride}], kernel [${kernel}] and dilation [${dilation}] needs inputs of fixed height and width`,
    );
  }
  return {
    kernel,
    stride,
    dilation,
    pads,
    automatic,
    outHeight: out[0],
    outWidth: out[1],
  };
}

/** The window as attributes of an ONNX operator. */
export function windowAttributes(window: Window): Record<string, Attribute> {
  const { kernel, stride, dilation, pads, automatic } = window;
  return {
    kernel_shape: kernel,
    strides: stride,
    ...(dilation[0] > 1 || dilation[1] > 1 ? { dilations: dilation } : {}),
    ...(automatic ? { auto_pad: 'SAME_UPPER' } : { pads }),
  };
}
