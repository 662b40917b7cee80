/** Picking entries by index. */
import { ShapeError } from '../common/index.js';
import { emit, integers, record, sizeOf, type Value } from './graph.js';
import { expand, reshape, scalarLike, transpose } from './layout.js';
import { normalAxis, showShape } from './shapes.js';

/**
 * Entries of x along an axis: result[..., i, ...] = x[..., indices[i], ...], the axis replaced by the axes of the
 * indices, which are floats holding whole numbers in [0, size). ONNX `Gather`; the gradient adds up where an index
 * occurs more than once. No gradient to the indices.
 * @throws ShapeError `shape-axis`
 */
export function gather(x: Value, indices: Value, axis = 0): Value {
  const along = normalAxis('gather', axis, x.shape.length);
  if (indices.type !== 'float32') {
    throw new ShapeError(
      'gather-indices',
      `gather: indices must be floats, got ${indices.type} ${showShape(indices.shape)}`,
    );
  }
  const { graph } = x;
  const whole = emit(graph, 'Cast', [indices], { shape: indices.shape, type: 'int64' }, { to: 7 });
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  const y = emit(graph, 'Gather', [x, whole], { shape }, { axis: along });
  record([x], [y], ([gradient]) => {
    const count = sizeOf(indices.shape);
    const before = x.shape.slice(0, along);
    const after = x.shape.slice(along + 1);
    // The picked axis comes first, then each index adds its slab.
    const slabs = reshape(gradient!, [sizeOf(before), count, sizeOf(after)]);
    const updates = transpose(slabs, [1, 0, 2]);
    const rows = emit(graph, 'Reshape', [whole, integers(graph, [count, 1])], {
      shape: [count, 1],
      type: 'int64',
    });
    const target = [x.shape[along], sizeOf(before), sizeOf(after)];
    const zeros = expand(scalarLike(x, 0), target);
    const summed = emit(graph, 'ScatterND', [zeros, rows, updates], { shape: target }, { reduction: 'add' });
    return [reshape(transpose(summed, [1, 0, 2]), x.shape)];
  });
  return y;
}
