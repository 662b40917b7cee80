/** The gradient of a convolution with respect to its filters. */
import { blockedConv, blocksFirst, toBlocked } from './blocked-layout.js';
import { emit, integers, type Value } from './graph.js';
import { concat, pad, reshape, reverse, slice, transpose } from './layout.js';
import { transposedMatmul } from './matmul.js';
import { sum } from './reductions.js';
import { largestDivisor } from './shapes.js';
import type { Window } from './windows.js';

/**
 * Gradient with respect to the filters [F, C / groups, kh, kw] of the convolution of x [N, C, H, W] whose result has
 * the gradient [N, F, H', W']: for each tap, the sum over samples and positions of gradient times what the tap saw.
 */
export function convFilterGradient(
  x: Value,
  gradient: Value,
  filters: Value,
  window: Window,
  groups: number,
): Value {
  const { blockSize } = x.graph;
  const { kernel, stride, dilation, outHeight, outWidth } = window;
  const keepsSize =
    x.shape[2] === outHeight && x.shape[3] === outWidth && [...stride, ...dilation].every((n) => n === 1);
  const fitsBlocks =
    blockSize > 0 &&
    outWidth % blockSize === 0 &&
    (x.shape[1] % blockSize === 0 || gradient.shape[1] % blockSize === 0);
  return groups === 1 && kernel[0] * kernel[1] > 1 && keepsSize && fitsBlocks
    ? correlateBlocked(x, gradient, window)
    : multiplyColumns(x, gradient, filters, window, groups);
}

/** As a product: the output's gradient times the columns of the input (im2col), one a sample and group, summed. */
function multiplyColumns(x: Value, gradient: Value, filters: Value, window: Window, groups: number): Value {
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
  if (groups === 1 && tilesInSquares(x, window)) {
    const [side] = kernel;
    const shape = [n, side * side * channels, outHeight, outWidth];
    const tiles = emit(x.graph, 'SpaceToDepth', [x], { shape }, { blocksize: side });
    return reshape(tiles, [n, 1, shape[1], outHeight * outWidth]);
  }
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

/** Whether the windows are squares that lie side by side and cover the image: one operator then cuts them out. */
function tilesInSquares(x: Value, { kernel, stride, dilation, outHeight, outWidth }: Window): boolean {
  const [side] = kernel;
  return (
    [kernel[1], ...stride].every((n) => n === side) &&
    dilation.every((n) => n === 1) &&
    x.shape[2] === outHeight * side &&
    x.shape[3] === outWidth * side
  );
}

/** Pixels of a strip of rows: its part of 64 channels of the still operand then stays in a core's cache. */
const STRIP_PIXELS = 2048;

/**
 * As a blocked convolution of one operand with the other as its filters. In blocked memory a sample [S, H, W] reads just
 * as well as S filters of H x W/b taps over b channels, the channel being the place within b neighbouring pixels; and
 * rows of plain memory read as an image of b channels, W/b wide. With the rows of all M channels of the moving operand
 * side by side and steps of W/b, the result is [S, kh, M]; the kw shifts along the rows are written out. That copies
 * kw times the input where im2col copies kh kw times, and needs as much less memory. Samples are groups; strips of
 * rows are further input channels.
 */
function correlateBlocked(x: Value, gradient: Value, window: Window): Value {
  const { graph } = x;
  const block = graph.blockSize;
  const [kh, kw] = window.kernel;
  const [n, , height, width] = x.shape;
  const gradientStill =
    x.shape[1] % block !== 0 || (gradient.shape[1] % block === 0 && gradient.shape[1] >= x.shape[1]);
  const [still, moving] = gradientStill ? [gradient, x] : [x, gradient];
  // Seen from the gradient, the taps lie the other way round.
  const [top, left, bottom, right] = gradientStill ? window.pads : [2, 3, 0, 1].map((i) => window.pads[i]);
  const stills = still.shape[1];
  const movings = moving.shape[1];

  const rows = pad(transpose(moving, [0, 2, 1, 3]), [
    { axis: 1, before: top, after: bottom },
    { axis: 3, before: left, after: right },
  ]);
  const stripHeight = largestDivisor(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const strips = height / stripHeight;
  const stripRows = stripHeight + kh - 1;
  const inStrips = takeRows(
    rows,
    Array.from(
      { length: strips * stripRows },
      (_, i) => Math.floor(i / stripRows) * stripHeight + (i % stripRows),
    ),
  );
  const shifts = Array.from({ length: kw }, (_, shift) =>
    slice(inStrips, [{ axis: 3, start: shift, end: shift + width }]),
  );
  const across = width / block;
  const image = reshape(concat(shifts, 2), [1, n * strips * block, stripRows, kw * movings * across]);
  const taps = reshape(toBlocked(still), [n * stills, strips * block, stripHeight, across]);
  const perSample = blockedConv(
    image,
    taps,
    null,
    [1, n * stills, kh, kw * movings],
    {
      ...window,
      kernel: [stripHeight, across],
      stride: [1, across],
      pads: [0, 0, 0, 0],
      automatic: false,
    },
    n,
  );
  const summed = sum(reshape(perSample, [n, stills * kh * kw * movings]), { axes: [0] });
  const byTap = transpose(reshape(summed, [stills / block, kh * kw, movings, block]), [0, 2, 1, 3]);
  if (gradientStill) {
    return reshape(blocksFirst(byTap, stills / block, movings * kh * kw), [stills, movings, kh, kw]);
  }
  const turned = transpose(reverse(byTap, 2), [1, 0, 2, 3]);
  return reshape(blocksFirst(turned, (movings * stills) / block, kh * kw), [movings, stills, kh, kw]);
}

function takeRows(x: Value, rows: readonly number[]): Value {
  if (rows.length === x.shape[1] && rows.every((row, i) => row === i)) return x;
  const shape = x.shape.map((size, axis) => (axis === 1 ? rows.length : size));
  return emit(x.graph, 'Gather', [x, integers(x.graph, rows)], { shape }, { axis: 1 });
}
