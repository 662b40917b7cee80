/** Convolution and its gradients. */
import { ShapeError } from '../common/index.js';
import { emit, integers, record, type Value } from './graph.js';
import { concat, pad, reshape, slice, transpose } from './layout.js';
import { transposedMatmul } from './matmul.js';
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
  const y = emit(
    x.graph,
    'Conv',
    inputs,
    { shape: [n, features, window.outHeight, window.outWidth] },
    { ...windowAttributes(window), group: groups },
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
  const flippedPads = pads.map((p, side) => reach[side % 2] - p);
  if (groups === 1 && stride[0] === 1 && stride[1] === 1 && flippedPads.every((p) => p >= 0)) {
    // A convolution with turned filters: several times faster here than ConvTranspose, which scatters column by column.
    const turned = turnFilters(filters);
    return emit(
      gradient.graph,
      'Conv',
      [gradient, turned],
      { shape: [gradient.shape[0], channels, height, width] },
      { ...windowAttributes({ ...window, automatic: false }), pads: flippedPads },
    );
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

/** Filters [F, C, kh, kw] with input and output exchanged and both space axes reversed: [C, F, kh, kw]. */
function turnFilters(filters: Value): Value {
  const { graph } = filters;
  const [features, channels, kh, kw] = filters.shape;
  // Reversing the joined space axis reverses both.
  const flat = reshape(filters, [features, channels, kh * kw]);
  const reversed = emit(
    graph,
    'Slice',
    [
      flat,
      integers(graph, [-1]),
      integers(graph, [-(kh * kw) - 1]),
      integers(graph, [2]),
      integers(graph, [-1]),
    ],
    { shape: flat.shape },
  );
  return reshape(transpose(reversed, [1, 0, 2]), [channels, features, kh, kw]);
}

/**
 * Gradient with respect to the filters: the output's gradient times the transposed columns of the input (im2col by
 * pad, slices and concat), one product a sample and group, summed over the samples.
 */
export function convFilterGradient(
  x: Value,
  gradient: Value,
  filters: Value,
  window: Window,
  groups: number,
): Value {
  const [n, features, outHeight, outWidth] = gradient.shape;
  const [, perGroup, kh, kw] = filters.shape;
  const positions = outHeight * outWidth;
  const columns = imageColumns(x, window, groups);
  const rows = reshape(gradient, [n, groups, features / groups, positions]);
  // Columns first: the longer operand on the left is a little faster.
  const perSample = transposedMatmul(columns, rows, false, true);
  const summed = reshape(sum(perSample, { axes: [0] }), [groups, kh * kw, perGroup, features / groups]);
  return reshape(transpose(summed, [0, 3, 2, 1]), filters.shape);
}

/** [N, groups, kh kw C/groups, H' W']: what each window sees, tap by tap. */
function imageColumns(x: Value, window: Window, groups: number): Value {
  const { kernel, stride, dilation, pads, outHeight, outWidth } = window;
  const [n, channels] = x.shape;
  const padded = pad(x, [
    { axis: 2, before: pads[0], after: pads[2] },
    { axis: 3, before: pads[1], after: pads[3] },
  ]);
  const taps: Value[] = [];
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const top = row * dilation[0];
      const left = column * dilation[1];
      const seen = slice(padded, [
        { axis: 2, start: top, end: top + (outHeight - 1) * stride[0] + 1, step: stride[0] },
        { axis: 3, start: left, end: left + (outWidth - 1) * stride[1] + 1, step: stride[1] },
      ]);
      taps.push(reshape(seen, [n, groups, channels / groups, outHeight * outWidth]));
    }
  }
  return concat(taps, 2);
}
