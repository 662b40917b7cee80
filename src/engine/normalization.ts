/** Batch, layer and group normalisation. */
import { ShapeError } from '../common/index.js';
import { add, divide, mul, sqrt, sub } from './elementwise.js';
import { emit, record, sizeOf, type Value } from './graph.js';
import { reshape, scalarLike } from './layout.js';
import { mean, sum, sumOfSquares } from './reductions.js';
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

/**
 * Batch normalisation in training (Ioffe & Szegedy 2015): y = scale (x - mean) / sqrt(variance + epsilon) + shift,
 * statistics over all axes of x [N, C, ...] but the channel's. Composed of reductions and elementwise operators;
 * the gradient is the closed form with three reductions.
 */
export function batchNormTraining(x: Value, scale: Value, shift: Value, epsilon: number): BatchNormalized {
  expectChannels('batchNorm', x, { scale, shift });
  const { graph } = x;
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const count = sizeOf(x.shape) / x.shape[1];
  const center = mean(x, { axes, keepAxes: true });
  const centered = sub(x, center);
  const variance = mul(sumOfSquares(centered, { axes, keepAxes: true }), 1 / count);
  const inverse = divide(1, sqrt(add(variance, epsilon)));
  const factor = mul(inverse, perChannel(x, scale));
  const scaled = mul(centered, factor);
  const y = emit(graph, 'Add', [scaled, perChannel(x, shift)], { shape: x.shape });
  // The composition's own tape is replaced by one entry: the closed form reads x four times less often.
  graph.tape.splice(graph.tape.findIndex(({ outputs }) => outputs[0] === center));
  record([x, scale, shift], [y], ([gradient], [needX, needScale, needShift]) => {
    const total = sum(gradient!, { axes, keepAxes: true });
    const correlation = sum(mul(gradient!, centered), { axes, keepAxes: true });
    const forX = () => {
      const slope = mul(mul(correlation, mul(inverse, inverse)), 1 / count);
      const level = mul(total, 1 / count);
      return mul(sub(sub(gradient!, mul(centered, slope)), level), factor);
    };
    return [
      needX ? forX() : null,
      needScale ? reshape(mul(correlation, inverse), scale.shape) : null,
      needShift ? reshape(total, shift.shape) : null,
    ];
  });
  return { output: y, mean: reshape(center, [x.shape[1]]), variance: reshape(variance, [x.shape[1]]) };
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
  const inputs = [x, scale, shift, runningMean, runningVariance];
  const y = emit(x.graph, 'BatchNormalization', inputs, { shape: x.shape }, { epsilon: { float: epsilon } });
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
