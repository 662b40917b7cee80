/** Convolution and its gradient with respect to the input. */
import { ShapeError } from '../common/index.js';
import {
  blockDepthwiseFilters,
  blockedConv,
  blockFilters,
  fromBlocked,
  toBlocked,
} from './blocked-layout.js';
import { convFilterGradient } from './filter-gradient.js';
import { emit, record, type Shape, type Value } from './graph.js';
import { reshape, reverse, transpose } from './layout.js';
import { sum } from './reductions.js';
import { expectInteger, expectRank, expectShape } from './shapes.js';
import { planWindow, type Window, type WindowOptions, windowAttributes } from './windows.js';

export interface ConvOptions extends WindowOptions {
  /** Input and output channels fall into this many groups that do not mix; input channels for depthwise. @default 1 */
  readonly groups?: number;
}

/**
 * 2-D convolution (cross-correlation): x [N, C, H, W], filters [F, C / groups, kh, kw], bias [F], result
 * [N, F, H', W'] with H' = floor((H + pads - dilated kh) / stride) + 1. ONNX `Conv`.
 * @throws ShapeError `conv-channels`, `conv-groups`, `window-larger-than-input`
 */
export function conv2d(x: Value, filters: Value, bias: Value | null, options: ConvOptions = {}): Value {
  expectRank('conv2d', 'input', x, 4);
  expectRank('conv2d', 'filters', filters, 4);
  const groups = options.groups ?? 1;
  expectInteger('conv2d', 'groups', groups, 1);
  const [n, channels] = x.shape;
  const [features, perGroup, kh, kw] = filters.shape;
  if (perGroup * groups !== channels) {
    throw new ShapeError(
      'conv-channels',
      `conv2d: filters expect ${perGroup * groups} input channels, input has ${channels}`,
    );
  }
  if (features % groups !== 0) {
    throw new ShapeError('conv-groups', `conv2d: ${features} filters do not fall into ${groups} groups`);
  }
  if (bias) expectShape('conv2d', 'bias', bias, [features]);
  const window = planWindow('conv2d', x, [kh, kw], options);
  const inputs = bias ? [x, filters, bias] : [x, filters];
  const y = convolve(
    x,
    filters,
    bias,
    [n, features, window.outHeight, window.outWidth],
    window,
    groups,
    false,
  );
  record(inputs, [y], ([gradient], [needX, needFilters, needBias]) => [
    needX ? convInputGradient(gradient!, filters, x, window, groups) : null,
    needFilters ? convFilterGradient(x, gradient!, filters, window, groups) : null,
    needBias ? sum(gradient!, { axes: [0, 2, 3] }) : null,
  ]);
  return y;
}

/** Gradient with respect to the input: the transposed convolution of the output's gradient. */
function convInputGradient(gradient: Value, filters: Value, x: Value, window: Window, groups: number): Value {
  const { kernel, stride, dilation, pads } = window;
  const [, channels, height, width] = x.shape;
  const reach = [(kernel[0] - 1) * dilation[0], (kernel[1] - 1) * dilation[1]];
  const [top, left, bottom, right] = pads.map((p, side) => reach[side % 2] - p);
  const turns = groups === 1 || (groups === channels && filters.shape[0] === channels);
  if (turns && stride[0] === 1 && stride[1] === 1 && Math.min(top, left, bottom, right) >= 0) {
    // A convolution with turned filters: several times faster here than ConvTranspose, which scatters column by column.
    const back: Window = { ...window, pads: [top, left, bottom, right], automatic: false };
    return convolve(gradient, filters, null, x.shape, back, groups, true);
  }
  const size = [height, width];
  const rest = [0, 1].map(
    (axis) =>
      size[axis] -
      ((gradient.shape[axis + 2] - 1) * stride[axis] - pads[axis] - pads[axis + 2] + reach[axis] + 1),
  );
  return emit(
    gradient.graph,
    'ConvTranspose',
    [gradient, filters],
    { shape: x.shape },
    { ...windowAttributes({ ...window, automatic: false }), output_padding: rest, group: groups },
  );
}

/** Below this number of taps the change of layout costs more than it saves. */
const MIN_BLOCKED_TAPS = 9;

/** Emits a convolution in the layout that is fastest. @param turned with the filters of the way back */
function convolve(
  x: Value,
  filters: Value,
  bias: Value | null,
  shape: Shape,
  window: Window,
  groups: number,
  turned: boolean,
): Value {
  const { blockSize } = x.graph;
  const channels = [x.shape[1], shape[1]];
  const depthwise = groups > 1 && channels.every((count) => count === groups);
  if (
    blockSize > 0 &&
    channels.every((count) => count % blockSize === 0) &&
    (groups === 1 || depthwise) &&
    window.kernel[0] * window.kernel[1] >= MIN_BLOCKED_TAPS
  ) {
    const blocked = depthwise ? blockDepthwiseFilters(filters, turned) : blockFilters(filters, turned);
    return fromBlocked(blockedConv(toBlocked(x), blocked, bias, shape, window, groups));
  }
  const plain = turned ? turnFilters(filters, depthwise) : filters;
  return emit(
    x.graph,
    'Conv',
    bias ? [x, plain, bias] : [x, plain],
    { shape },
    { ...windowAttributes(window), group: groups },
  );
}

/** Filters [F, C, kh, kw] with input and output exchanged (not if depthwise) and both space axes reversed. */
function turnFilters(filters: Value, depthwise: boolean): Value {
  const [features, channels, kh, kw] = filters.shape;
  // Reversing the joined space axis reverses both.
  const reversed = reverse(reshape(filters, [features, channels, kh * kw]), 2);
  return depthwise
    ? reshape(reversed, filters.shape)
    : reshape(transpose(reversed, [1, 0, 2]), [channels, features, kh, kw]);
}
