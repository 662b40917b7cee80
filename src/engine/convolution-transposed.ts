/** Transposed convolution: what a convolution's gradient with respect to its input computes. */
import { ShapeError } from '../common/index.js';
import { type ConvOptions, conv2d } from './convolution.js';
import { convFilterGradient } from './filter-gradient.js';
import { emit, record, type Value } from './graph.js';
import { sum } from './reductions.js';
import { expectInteger, expectRank, expectShape } from './shapes.js';
import { pair, planWindow, type Size2d, windowAttributes } from './windows.js';

export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns added at the bottom and right; less than the stride. Not with padding `same`. @default 0 */
  readonly outputPadding?: Size2d;
}

/**
 * 2-D transposed convolution: x [N, C, H, W], filters [C, F / groups, kh, kw], bias [F], result [N, F, H', W'] with
 * H' = (H - 1) stride + dilated kh - pads + output padding; H' = H stride with padding `same`. ONNX `ConvTranspose`.
 * @throws ShapeError `conv-channels`, `conv-groups`, `window-larger-than-input`
 */
export function convTranspose2d(
  x: Value,
  filters: Value,
  bias: Value | null,
  options: ConvTransposeOptions = {},
): Value {
  const operator = 'convTranspose2d';
  expectRank(operator, 'input', x, 4);
  expectRank(operator, 'filters', filters, 4);
  const { groups = 1, padding = 'valid', dilation = 1 } = options;
  expectInteger(operator, 'groups', groups, 1);
  const [n, channels, height, width] = x.shape;
  const [expected, perGroup, kh, kw] = filters.shape;
  if (expected !== channels) {
    throw new ShapeError(
      'conv-channels',
      `${operator}: filters expect ${expected} input channels, input has ${channels}`,
    );
  }
  if (channels % groups !== 0) {
    throw new ShapeError(
      'conv-groups',
      `${operator}: ${channels} input channels do not fall into ${groups} groups`,
    );
  }
  const features = perGroup * groups;
  if (bias) expectShape(operator, 'bias', bias, [features]);

  const stride = pair(options.stride ?? 1);
  const extra = pair(options.outputPadding ?? 0);
  const extent = [kh, kw].map((size, axis) => (size - 1) * pair(dilation)[axis] + 1);
  const outSize = [height, width].map((size, axis) => {
    if (padding === 'same') return size * stride[axis];
    const full = (size - 1) * stride[axis] + extent[axis] + extra[axis];
    if (padding === 'valid') return full;
    if (typeof padding === 'number') return full - 2 * padding;
    return full - padding[axis] - padding[padding.length === 2 ? axis : axis + 2];
  });
  const shape = [n, features, ...outSize];
  // The convolution that leads from the result back to the input: the same window, read the other way.
  const window = {
    ...planWindow(operator, { ...x, shape }, [kh, kw], { ...options, padding }),
    automatic: false,
  };
  if (window.outHeight !== height || window.outWidth !== width) {
    throw new ShapeError(
      'conv-output-padding',
      `${operator}: output padding [${extra}] must be less than the stride [${stride}] and not negative`,
    );
  }
  const rest = outSize.map(
    (size, axis) =>
      size -
      ((x.shape[axis + 2] - 1) * stride[axis] + extent[axis] - window.pads[axis] - window.pads[axis + 2]),
  );
  const inputs = bias ? [x, filters, bias] : [x, filters];
  const y = emit(
    x.graph,
    'ConvTranspose',
    inputs,
    { shape },
    { ...windowAttributes(window), output_padding: rest, group: groups },
  );
  record(inputs, [y], ([gradient], [needX, needFilters, needBias]) => [
    needX ? conv2d(gradient!, filters, null, { stride, dilation, groups, padding: window.pads }) : null,
    needFilters ? convFilterGradient(gradient!, x, filters, window, groups) : null,
    needBias ? sum(gradient!, { axes: [0, 2, 3] }) : null,
  ]);
  return y;
}
