/** Batch, layer and group normalisation. */
import { ShapeError } from '../common/index.js';
import { add, divide, mul, negate, sqrt, sub } from './elementwise.js';
import { emit, record, sizeOf, type Value } from './graph.js';
import { expand, reshape, scalarLike } from './layout.js';
import { transposedMatmul } from './matmul.js';
import { mean, sum } from './reductions.js';
import { expectShape, showShape } from './shapes.js';

export interface BatchNormalized {
  readonly output: Value;
  /** Mean of each channel over the batch, [C]. No gradient flows through it. */
  readonly mean: Value;
  /** Variance of each channel over the batch (divided by n), [C]. No gradient flows through it. */
  readonly variance: Value;
}

function perChannel(x: Value, vector: Value): Value {
  return reshape(vector, [1, x.shape[1], ...x.shape.slice(2).map(() => 1)]);
}

function expectChannels(operator: string, x: Value, vectors: Record<string, Value>): void {
  if (x.shape.length < 2) {
    throw new ShapeError(
      'shape-rank',
      `${operator}: input must have at least 2 axes, got ${showShape(x.shape)}`,
    );
  }
  for (const [name, vector] of Object.entries(vectors)) expectShape(operator, name, vector, [x.shape[1]]);
}

/** ONNX `BatchNormalization` as it computes: scale (x - mean) / sqrt(variance + epsilon) + shift. Not on the tape. */
function normalize(
  x: Value,
  scale: Value,
  shift: Value,
  center: Value,
  variance: Value,
  epsilon: number,
): Value {
  const inputs = [x, scale, shift, center, variance];
  return emit(x.graph, 'BatchNormalization', inputs, { shape: x.shape }, { epsilon: { float: epsilon } });
}

/** scale x + shift for each channel: one pass over x, where broadcast `Mul` and `Add` take two slower ones. */
function affine(x: Value, scale: Value, shift: Value): Value {
  const none = expand(scalarLike(x, 0), scale.shape);
  const one = expand(scalarLike(x, 1), scale.shape);
  return normalize(x, scale, shift, none, one, 0);
}

/**
 * From so many positions on, products of rows are summed by matrix products, which write nothing in between; for small
 * images their overhead for each image and channel costs more.
 */
const ROW_PRODUCT_POSITIONS = 64;

/** Sum of a b over all axes but the channel's: [C]. */
function channelDot(a: Value, b: Value): Value {
  const [n, channels] = a.shape;
  const positions = sizeOf(a.shape.slice(2));
  const axes = a.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  if (positions < ROW_PRODUCT_POSITIONS) return sum(mul(a, b), { axes });
  const [rowsA, rowsB] = [a, b].map((value) => reshape(value, [n * channels, 1, positions]));
  return sum(reshape(transposedMatmul(rowsA, rowsB, false, true), [n, channels]), { axes: [0] });
}

/**
 * Batch normalisation in training (Ioffe & Szegedy 2015): y = scale (x - mean) / sqrt(variance + epsilon) + shift,
 * statistics over all axes of x [N, C, ...] but the channel's. ONNX `ReduceMean`, `FusedMatMul` and
 * `BatchNormalization`; the gradient is the closed form, with two reductions.
 */
export function batchNormTraining(x: Value, scale: Value, shift: Value, epsilon: number): BatchNormalized {
  expectChannels('batchNorm', x, { scale, shift });
  const { graph } = x;
  const mark = graph.tape.length;
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const share = x.shape[1] / sizeOf(x.shape);
  const center = mean(x, { axes });
  const one = expand(scalarLike(x, 1), scale.shape);
  const centered = affine(x, one, negate(center));
  // From the centred values, not as E[x^2] - mean^2, which cancels where the mean is large.
  const variance = mul(channelDot(centered, centered), share);
  const none = expand(scalarLike(x, 0), scale.shape);
  const y = normalize(centered, scale, shift, none, variance, epsilon);
  // The composition's own entries on the tape are replaced by one: the closed form passes over x less often.
  graph.tape.splice(mark);
  record([x, scale, shift], [y], ([gradient], [needX, needScale, needShift]) => {
    const inverse = divide(1, sqrt(add(variance, epsilon)));
    const total = sum(gradient!, { axes });
    const correlation = mul(channelDot(gradient!, centered), inverse);
    const forX = () => {
      const factor = mul(scale, inverse);
      const slope = negate(mul(mul(factor, inverse), mul(correlation, share)));
      const level = negate(mul(factor, mul(total, share)));
      return add(affine(gradient!, factor, none), affine(centered, slope, level));
    };
    return [needX ? forX() : null, needScale ? correlation : null, needShift ? total : null];
  });
  return { output: y, mean: center, variance };
}

/**
 * Batch normalisation with given statistics, as at inference. ONNX `BatchNormalization`; gradients flow to x, scale
 * and shift, the statistics are constants.
 */
export function batchNormInference(
  x: Value,
  scale: Value,
  shift: Value,
  runningMean: Value,
  runningVariance: Value,
  epsilon: number,
): Value {
  expectChannels('batchNorm', x, { scale, shift, mean: runningMean, variance: runningVariance });
  const y = normalize(x, scale, shift, runningMean, runningVariance, epsilon);
  record([x, scale, shift], [y], ([gradient], [needX, needScale, needShift]) => {
    const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const inverse = divide(1, sqrt(add(runningVariance, epsilon)));
    const normal = () => mul(sub(x, perChannel(x, runningMean)), perChannel(x, inverse));
    return [
      needX ? mul(gradient!, perChannel(x, mul(scale, inverse))) : null,
      needScale ? sum(mul(gradient!, normal()), { axes }) : null,
      needShift ? sum(gradient!, { axes }) : null,
    ];
  });
  return y;
}

/** Running statistic after a batch: (1 - momentum) old + momentum new. */
export function runningAverage(old: Value, fresh: Value, momentum: number): Value {
  return add(mul(old, 1 - momentum), mul(fresh, momentum));
}

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016) over the last axis: scale (x - mean) / sqrt(variance + epsilon) +
 * shift, scale and shift [K] for x [..., K]. Composed of reductions and arithmetic.
 */
export function layerNorm(x: Value, scale: Value, shift: Value, epsilon = 1e-5): Value {
  const size = x.shape[x.shape.length - 1];
  expectShape('layerNorm', 'scale', scale, [size]);
  expectShape('layerNorm', 'shift', shift, [size]);
  return add(mul(standardize(x, [x.shape.length - 1], epsilon), scale), shift);
}

/**
 * Group normalisation (Wu & He 2018): channels of x [N, C, H, W] fall into groups, each normalised over its channels
 * and positions of one sample; scale and shift [C].
 * @throws ShapeError `norm-groups`
 */
export function groupNorm(x: Value, groups: number, scale: Value, shift: Value, epsilon = 1e-5): Value {
  expectChannels('groupNorm', x, { scale, shift });
  const [n, channels] = x.shape;
  if (channels % groups !== 0) {
    throw new ShapeError('norm-groups', `groupNorm: ${channels} channels do not fall into ${groups} groups`);
  }
  const grouped = reshape(x, [n, groups, sizeOf(x.shape) / (n * groups)]);
  const normal = reshape(standardize(grouped, [2], epsilon), x.shape);
  return add(mul(normal, perChannel(x, scale)), perChannel(x, shift));
}

function standardize(x: Value, axes: readonly number[], epsilon: number): Value {
  const centered = sub(x, mean(x, { axes, keepAxes: true }));
  const variance = mean(mul(centered, centered), { axes, keepAxes: true });
  return divide(centered, sqrt(add(variance, scalarLike(x, epsilon))));
}
