/** Operators that move elements without computing: reshape, transpose, slice, pad, concat, split, expand, gather. */
import { ShapeError } from '../common/index.js';
import {
  constant,
  emit,
  emitAll,
  integers,
  record,
  type Shape,
  scalar,
  sizeOf,
  type Value,
} from './graph.js';
import { sum } from './reductions.js';
import { broadcastShapes, expectSameSize, normalAxis, sameShape, showShape } from './shapes.js';

/** Scalar constant in the graph of a value. */
export function scalarLike(value: Value, number: number): Value {
  return scalar(value.graph, number);
}

/** Sums a gradient over the axes along which its operand had been broadcast. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  const reduced = axes.length > 0 ? sum(gradient, { axes, keepAxes: true }) : gradient;
  return reshape(reduced, shape);
}

/**
 * The same elements in row-major order under another shape; one size may be -1 and is then computed. ONNX `Reshape`.
 * A leading size that stays as it is is not written into the graph, so that it may be free in an exported network.
 * @throws ShapeError `shape-size`
 */
export function reshape(x: Value, shape: Shape): Value {
  const known = shape.filter((size) => size !== -1);
  const target =
    known.length === shape.length
      ? [...shape]
      : shape.map((size) => (size === -1 ? sizeOf(x.shape) / sizeOf(known) : size));
  expectSameSize('reshape', x.shape, target);
  if (sameShape(x.shape, target)) return x;
  const onnxShape = target.map((size, axis) => (axis === 0 && size === x.shape[0] ? 0 : size));
  const y = emit(x.graph, 'Reshape', [x, integers(x.graph, onnxShape)], { shape: target, type: x.type });
  record([x], [y], ([gradient]) => [reshape(gradient!, x.shape)]);
  return y;
}

/** Keeps the first axis and joins the others: [N, ...] to [N, K]. ONNX `Flatten`. */
export function flatten(x: Value): Value {
  if (x.shape.length === 2) return x;
  const y = emit(x.graph, 'Flatten', [x], { shape: [x.shape[0], sizeOf(x.shape.slice(1))] }, { axis: 1 });
  record([x], [y], ([gradient]) => [reshape(gradient!, x.shape)]);
  return y;
}

/** Reorders the axes: axis i of the result is axis `order[i]` of x. ONNX `Transpose`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const valid = [...order].sort((a, b) => a - b).every((axis, index) => axis === index);
  if (!valid || order.length !== x.shape.length) {
    throw new ShapeError(
      'transpose-order',
      `transpose: [${order}] is no order of the axes of ${showShape(x.shape)}`,
    );
  }
  const shape = order.map((axis) => x.shape[axis]);
  const y = emit(x.graph, 'Transpose', [x], { shape, type: x.type }, { perm: order });
  record([x], [y], ([gradient]) => [
    transpose(
      gradient!,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ]);
  return y;
}

/** x repeated along axes of size 1 to the given shape. ONNX `Expand`. */
export function expand(x: Value, shape: Shape): Value {
  if (!sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
    throw new ShapeError(
      'shape-broadcast',
      `expand: ${showShape(x.shape)} does not broadcast to ${showShape(shape)}`,
    );
  }
  if (sameShape(x.shape, shape)) return x;
  const y = emit(x.graph, 'Expand', [x, integers(x.graph, shape)], { shape, type: x.type });
  record([x], [y], ([gradient]) => [sumTo(gradient!, x.shape)]);
  return y;
}

/**
 * Joins values along an axis; their other axes must agree. ONNX `Concat`.
 * @throws ShapeError `concat-shape`
 */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  const along = normalAxis('concat', axis, first.shape.length);
  for (const { shape } of values) {
    const fits =
      shape.length === first.shape.length && shape.every((size, i) => i === along || size === first.shape[i]);
    if (!fits) {
      throw new ShapeError(
        'concat-shape',
        `concat: shapes must agree except along axis ${along}, got ${values.map((value) => showShape(value.shape)).join(' and ')}`,
      );
    }
  }
  if (values.length === 1) return first;
  const sizes = values.map(({ shape }) => shape[along]);
  const shape = first.shape.map((size, i) => (i === along ? sizes.reduce((a, b) => a + b) : size));
  const y = emit(first.graph, 'Concat', values, { shape, type: first.type }, { axis: along });
  record(values, [y], ([gradient]) => split(gradient!, sizes, along));
  return y;
}

/** A shader of WebGPU writes to a few buffers only: its default limit is 8, the pieces and what is cut among them. */
const MOST_PIECES = 7;

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/**
 * Cuts a value along an axis into pieces of the given sizes. ONNX `Split`.
 * @throws ShapeError `split-sizes`
 */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const along = normalAxis('split', axis, x.shape.length);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== x.shape[along]) {
    throw new ShapeError(
      'split-sizes',
      `split: sizes ${sizes.join(' + ')} must add to ${x.shape[along]}, add to ${total}`,
    );
  }
  if (sizes.length === 1) return [x];
  if (sizes.length > MOST_PIECES) {
    const groups = groupsOf(sizes, Math.ceil(sizes.length / MOST_PIECES));
    const totals = groups.map((group) => group.reduce((a, b) => a + b, 0));
    return split(x, totals, along).flatMap((piece, i) => split(piece, groups[i], along));
  }
  const infos = sizes.map((size) => ({
    shape: x.shape.map((full, i) => (i === along ? size : full)),
    type: x.type,
  }));
  const pieces = emitAll(x.graph, 'Split', [x, integers(x.graph, sizes)], infos, { axis: along });
  record([x], pieces, (pieceGradients) => [
    concat(
      pieceGradients.map((gradient, i) => gradient ?? expand(scalarLike(x, 0), infos[i].shape)),
      along,
    ),
  ]);
  return pieces;
}

export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  /** First index that is left out; the axis's end where absent. */
  readonly end?: number;
  /** @default 1 */
  readonly step?: number;
}

/**
 * A box of x with steps: along each named axis the indices start, start + step, ... below end. ONNX `Slice`.
 * @throws ShapeError `slice-range`
 */
export function slice(x: Value, ranges: readonly SliceRange[]): Value {
  const full = ranges.map(({ axis, start, end, step = 1 }) => {
    const along = normalAxis('slice', axis, x.shape.length);
    const stop = end ?? x.shape[along];
    if (start < 0 || stop > x.shape[along] || start >= stop || step < 1) {
      throw new ShapeError(
        'slice-range',
        `slice: ${start} to ${stop} by ${step} is no range within axis ${along} of ${showShape(x.shape)}`,
      );
    }
    return { axis: along, start, end: stop, step, size: Math.ceil((stop - start) / step) };
  });
  const shape = x.shape.map((size, axis) => full.find((range) => range.axis === axis)?.size ?? size);
  const { graph } = x;
  const y = emit(
    graph,
    'Slice',
    [
      x,
      integers(
        graph,
        full.map(({ start }) => start),
      ),
      integers(
        graph,
        full.map(({ end }) => end),
      ),
      integers(
        graph,
        full.map(({ axis }) => axis),
      ),
      integers(
        graph,
        full.map(({ step }) => step),
      ),
    ],
    { shape, type: x.type },
  );
  record([x], [y], ([gradient]) => {
    let back = gradient!;
    for (const { axis, start, step } of full) {
      if (step > 1) back = spreadAxis(back, axis, step);
      const before = start;
      const after = x.shape[axis] - start - back.shape[axis];
      back = after < 0 ? slice(back, [{ axis, start: 0, end: back.shape[axis] + after }]) : back;
      back = pad(back, [{ axis, before, after: Math.max(after, 0) }]);
    }
    return [back];
  });
  return y;
}

/** The elements along an axis in the opposite order. ONNX `Slice` with step -1. */
export function reverse(x: Value, axis: number): Value {
  const along = normalAxis('reverse', axis, x.shape.length);
  const { graph, shape } = x;
  const range = [[-1], [-shape[along] - 1], [along], [-1]].map((numbers) => integers(graph, numbers));
  const y = emit(graph, 'Slice', [x, ...range], { shape, type: x.type });
  record([x], [y], ([gradient]) => [reverse(gradient!, along)]);
  return y;
}

/** Puts step - 1 zeros after each element along an axis. */
function spreadAxis(x: Value, axis: number, step: number): Value {
  const shape = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
  const spread = pad(reshape(x, shape), [{ axis: axis + 1, before: 0, after: step - 1 }]);
  return reshape(
    spread,
    x.shape.map((size, i) => (i === axis ? size * step : size)),
  );
}

export interface PadRange {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** x with rows of a constant (0 unless told) added before and after along the named axes. ONNX `Pad`. */
export function pad(x: Value, ranges: readonly PadRange[], fill = 0): Value {
  const used = ranges.filter(({ before, after }) => before !== 0 || after !== 0);
  if (used.length === 0) return x;
  const before = x.shape.map(() => 0);
  const after = x.shape.map(() => 0);
  for (const range of used) {
    const axis = normalAxis('pad', range.axis, x.shape.length);
    if (range.before < 0 || range.after < 0) {
      throw new ShapeError(
        'pad-range',
        `pad: axis ${axis} cannot grow by ${range.before} and ${range.after}; use slice`,
      );
    }
    before[axis] += range.before;
    after[axis] += range.after;
  }
  const shape = x.shape.map((size, axis) => before[axis] + size + after[axis]);
  const pads = integers(x.graph, [...before, ...after]);
  const y = emit(x.graph, 'Pad', [x, pads, scalarLike(x, fill)], { shape }, { mode: 'constant' });
  record([x], [y], ([gradient]) => [
    slice(
      gradient!,
      used.map((range) => {
        const axis = normalAxis('pad', range.axis, x.shape.length);
        return { axis, start: before[axis], end: before[axis] + x.shape[axis] };
      }),
    ),
  ]);
  return y;
}

/** Class ids (floats holding whole numbers; shape [N, ...]) as rows of 0 and 1 along a new axis 1: [N, classes, ...].
 * Ids outside 0 to classes - 1 give rows of 0. ONNX `OneHot`. No gradient. */
export function oneHot(ids: Value, classes: number): Value {
  const { graph, shape } = ids;
  const indices = emit(graph, 'Cast', [ids], { shape, type: 'int64' }, { to: 7 });
  // ONNX counts negative ids from the back; one class more catches them there and is cut off again.
  const depth = integers(graph, [classes + 1]);
  const valid = emit(graph, 'Clip', [indices, int64Scalar(ids, -1), int64Scalar(ids, classes)], {
    shape,
    type: 'int64',
  });
  const rows = emit(
    graph,
    'OneHot',
    [valid, depth, constant(graph, [0, 1], [2])],
    { shape: [shape[0], classes + 1, ...shape.slice(1)] },
    { axis: 1 },
  );
  return slice(rows, [{ axis: 1, start: 0, end: classes }]);
}

function int64Scalar(like: Value, number: number): Value {
  return emit(like.graph, 'Squeeze', [integers(like.graph, [number])], { shape: [], type: 'int64' });
}

/** Index of the largest element along an axis, as floats; the first of equal ones. ONNX `ArgMax`. No gradient. */
export function argMax(x: Value, axis: number): Value {
  const along = normalAxis('argMax', axis, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== along);
  const index = emit(x.graph, 'ArgMax', [x], { shape, type: 'int64' }, { axis: along, keepdims: 0 });
  return emit(x.graph, 'Cast', [index], { shape }, { to: 1 });
}
