/** RoIAlign: regions of an image, each resampled to one size. */
import { abs, add, clip, greaterOrEqual, maximum, mul, sub, toFloat } from './elementwise.js';
import { constant, emit, record, type Value } from './graph.js';
import { oneHot, reshape, slice, transpose } from './layout.js';
import { matmul, transposedMatmul } from './matmul.js';
import { mean } from './reductions.js';
import { expectInteger, expectRank, expectShape } from './shapes.js';

export interface RoiAlignOptions {
  readonly height: number;
  readonly width: number;
  /** Pixels of x for one unit of the regions' coordinates. @default 1 */
  readonly scale?: number;
  /** Samples a side of each output bin. @default 2 */
  readonly samples?: number;
}

/**
 * Regions of x [N, C, H, W] as means of bilinear samples (He et al. 2017, section 3): regions [R, 4] as left, top,
 * right, bottom, images [R] the index of each region's image, result [R, C, height, width]. Pixel centres lie at
 * i + 0.5. ONNX `RoiAlign` (half_pixel). Sampling is a product with one matrix of weights a side, and so is its
 * gradient; none flows to the regions.
 */
export function roiAlign(x: Value, regions: Value, images: Value, options: RoiAlignOptions): Value {
  const { height, width, scale = 1, samples = 2 } = options;
  expectRank('roiAlign', 'input', x, 4);
  expectInteger('roiAlign', 'samples', samples, 1);
  expectRank('roiAlign', 'regions', regions, 2);
  const count = regions.shape[0];
  expectShape('roiAlign', 'regions', regions, [count, 4]);
  expectShape('roiAlign', 'images', images, [count]);
  const { graph } = x;
  const [n, channels, inHeight, inWidth] = x.shape;
  const whole = emit(graph, 'Cast', [images], { shape: images.shape, type: 'int64' }, { to: 7 });
  const y = emit(
    graph,
    'RoiAlign',
    [x, regions, whole],
    { shape: [count, channels, height, width] },
    {
      mode: 'avg',
      output_height: height,
      output_width: width,
      sampling_ratio: samples,
      spatial_scale: { float: scale },
      coordinate_transformation_mode: 'half_pixel',
    },
  );
  record([x], [y], ([gradient]) => {
    const edges = mul(regions, scale);
    const column = (index: number) => slice(edges, [{ axis: 1, start: index, end: index + 1 }]);
    const across = samplingWeights(column(0), column(2), width, samples, inWidth);
    const down = samplingWeights(column(1), column(3), height, samples, inHeight);
    // Over the columns of each region: [R, C, height, W].
    const spread = matmul(gradient!, reshape(across, [count, 1, width, inWidth]));
    // Over the rows of all regions of an image at once: [C, R height, W].
    const rows = reshape(transpose(spread, [1, 0, 2, 3]), [1, channels, count * height, inWidth]);
    const belongs = reshape(transpose(oneHot(images, n), [1, 0]), [n, count, 1, 1]);
    const ours = reshape(mul(reshape(down, [1, count, height, inHeight]), belongs), [
      n,
      1,
      count * height,
      inHeight,
    ]);
    return [transposedMatmul(ours, rows, true, false)];
  });
  return y;
}

/** Weight of each of `size` pixels in each bin between two edges [R, 1]: [R, bins, size]. */
function samplingWeights(low: Value, high: Value, bins: number, samples: number, size: number): Value {
  const { graph, shape } = low;
  const points = bins * samples;
  const share = constant(
    graph,
    Float32Array.from({ length: points }, (_, i) => (i + 0.5) / points),
    [1, points],
  );
  const positions = sub(add(low, mul(sub(high, low), share)), 0.5);
  const inside = toFloat(greaterOrEqual(mul(add(positions, 1), sub(size, positions)), 0));
  const held = reshape(clip(positions, 0, size - 1), [shape[0], points, 1]);
  const pixels = constant(
    graph,
    Float32Array.from({ length: size }, (_, i) => i),
    [1, 1, size],
  );
  const hats = maximum(sub(1, abs(sub(held, pixels))), 0);
  const weights = mul(hats, reshape(inside, [shape[0], points, 1]));
  return mean(reshape(weights, [shape[0], bins, samples, size]), { axes: [2] });
}
