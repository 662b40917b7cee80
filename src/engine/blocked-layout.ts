/**
 * ONNX Runtime's blocked layout (NCHWc): [N, C / b, H, W, b] in memory under the shape [N, C, H, W], b channels being
 * what one vector register holds. The runtime brings exported networks into it by itself, but not a training graph,
 * whose filters are no constants; written out here, a 3x3 convolution takes about two thirds of the time.
 * CPU only, never in exported networks: `Graph.blockSize` says whether and how wide.
 */
import { emit, type Value } from './graph.js';
import { reshape, reverse, transpose } from './layout.js';
import { type Window, windowAttributes } from './windows.js';

const DOMAIN = 'com.microsoft.nchwc';

/** x [N, C, H, W] in blocks of channels; C must be a multiple of the block. Each value is converted once. */
export function toBlocked(x: Value): Value {
  const known = x.graph.blocked.get(x.name);
  if (known) return known;
  const y = emit(x.graph, 'ReorderInput', [x], { shape: x.shape }, {}, DOMAIN);
  x.graph.blocked.set(x.name, y);
  return y;
}

/** The usual layout of a blocked value. */
export function fromBlocked(x: Value): Value {
  return emit(x.graph, 'ReorderOutput', [x], { shape: x.shape }, { channels: x.shape[1] }, DOMAIN);
}

/** [groups, b, positions] to [groups, positions, b]: a change of layout is many times faster than `Transpose`. */
function blocksLast(x: Value, groups: number, positions: number): Value {
  const block = x.graph.blockSize;
  const planes = reshape(x, [groups, block, positions, 1]);
  const y = emit(x.graph, 'ReorderInput', [planes], { shape: planes.shape }, {}, DOMAIN);
  return reshape(y, [groups, positions, block]);
}

/** [groups, positions, b] to [groups, b, positions]. */
export function blocksFirst(x: Value, groups: number, positions: number): Value {
  const block = x.graph.blockSize;
  const planes = fromBlocked(reshape(x, [groups, block, positions, 1]));
  return reshape(planes, [groups, block, positions]);
}

/** Emits a convolution in the blocked layout; filters by `blockFilters` or `blockDepthwiseFilters`. */
export function blockedConv(
  x: Value,
  filters: Value,
  bias: Value | null,
  shape: readonly number[],
  window: Window,
  groups: number,
): Value {
  return emit(
    x.graph,
    'Conv',
    bias ? [x, filters, bias] : [x, filters],
    { shape },
    { ...windowAttributes(window), group: groups },
    DOMAIN,
  );
}

/**
 * Filters [F, C, kh, kw] in blocks of input and output channels.
 * @param turned gives those of the convolution back: [C, F, kh, kw], both space axes reversed
 */
export function blockFilters(filters: Value, turned: boolean): Value {
  const [features, channels, kh, kw] = filters.shape;
  const block = filters.graph.blockSize;
  const [rows, columns, taps] = [features / block, channels / block, kh * kw];
  if (!turned) {
    const outputLast = blocksLast(filters, rows, channels * taps);
    const inBlocks = transpose(reshape(outputLast, [rows * columns, block, taps, block]), [0, 2, 1, 3]);
    return reshape(inBlocks, filters.shape);
  }
  // Reversing the joined space axis reverses both.
  const inputLast = reverse(blocksLast(filters, features * columns, taps), 1);
  const inBlocks = transpose(reshape(inputLast, [rows, block, columns, taps, block]), [2, 0, 3, 1, 4]);
  return reshape(inBlocks, [channels, features, kh, kw]);
}

/** Depthwise filters [C, 1, kh, kw] in blocks of channels, the space axes reversed if `turned`. */
export function blockDepthwiseFilters(filters: Value, turned: boolean): Value {
  const [channels, , kh, kw] = filters.shape;
  const inBlocks = blocksLast(filters, channels / filters.graph.blockSize, kh * kw);
  return reshape(turned ? reverse(inBlocks, 1) : inBlocks, filters.shape);
}
