/** Resizing of images: nearest and bilinear. */
import { ShapeError } from '../common/index.js';
import { mul } from './elementwise.js';
import { constant, emit, record, type Value } from './graph.js';
import { matmul } from './matmul.js';
import { averagePool } from './pooling.js';
import { expectRank } from './shapes.js';
import { pair, type Size2d } from './windows.js';

export type ResizeMode = 'nearest' | 'bilinear';

/**
 * Resizes x [N, C, H, W] by a factor, so that an exported network stays free in size: H' = floor(H factor).
 * `nearest`: source index floor(i / factor). `bilinear`: pixel centres at i + 0.5, edges repeated, no smoothing when
 * shrinking (PyTorch's align_corners=False). ONNX `Resize`.
 * @throws ShapeError `resize-size`
 */
export function resize(x: Value, factor: Size2d, mode: ResizeMode): Value {
  expectRank('resize', 'input', x, 4);
  const factors = pair(factor);
  const [n, channels, height, width] = x.shape;
  const outHeight = Math.floor(height * factors[0]);
  const outWidth = Math.floor(width * factors[1]);
  if (!(outHeight > 0 && outWidth > 0)) {
    throw new ShapeError('resize-size', `resize: ${height}x${width} times [${factors}] leaves nothing`);
  }
  const { graph } = x;
  const scales = constant(graph, [1, 1, factors[0], factors[1]], [4]);
  const y = emit(
    graph,
    'Resize',
    [x, null, scales],
    { shape: [n, channels, outHeight, outWidth] },
    mode === 'nearest'
      ? { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  );
  record([x], [y], ([gradient]) => {
    if (mode === 'nearest' && factors.every(Number.isInteger)) {
      const [fy, fx] = factors;
      return [mul(averagePool(gradient!, [fy, fx]), fy * fx)];
    }
    // Resizing is a product with one sparse matrix a side; its gradient is that with the transposed ones.
    const rows = resizeMatrix(height, outHeight, factors[0], mode);
    const columns = resizeMatrix(width, outWidth, factors[1], mode);
    const left = constant(graph, transposed(rows, outHeight, height), [height, outHeight]);
    return [matmul(matmul(left, gradient!), constant(graph, columns, [outWidth, width]))];
  });
  return y;
}

/** Weight of source pixel j in output pixel i, [outSize, size]. */
function resizeMatrix(size: number, outSize: number, factor: number, mode: ResizeMode): Float32Array {
  const matrix = new Float32Array(outSize * size);
  for (let i = 0; i < outSize; i++) {
    if (mode === 'nearest') {
      matrix[i * size + Math.min(size - 1, Math.floor(i / factor))] = 1;
      continue;
    }
    const position = Math.min(size - 1, Math.max(0, (i + 0.5) / factor - 0.5));
    const low = Math.floor(position);
    const high = Math.min(size - 1, low + 1);
    matrix[i * size + low] += 1 - (position - low);
    matrix[i * size + high] += position - low;
  }
  return matrix;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  return out;
}
