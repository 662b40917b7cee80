/** Losses as plain data; with their measures they become the objective's part of the graph. */
import { ModelError } from '../common/index.js';
import {
  abs,
  add,
  argMax,
  constant,
  diceLoss,
  equal,
  expand,
  focalCrossEntropy,
  graphInput,
  greater,
  klDivergence,
  logMeanExp,
  max,
  maximum,
  mean,
  mul,
  noisyOr,
  oneHot,
  reshape,
  type Shape,
  scalar,
  sigmoid,
  sigmoidCrossEntropy,
  smoothL1,
  softmax,
  softmaxCrossEntropy,
  sub,
  sum,
  toFloat,
  type Value,
  type WeightedMean,
  weightedMean,
} from '../engine/index.js';
import type { ModelSpec } from './spec.js';

interface LossBase {
  /** The model output that it judges; the model's only output where absent. */
  readonly output?: string;
  /** Distinguishes figures where several losses judge one output. @default the loss's type */
  readonly name?: string;
  /** Share in the total loss. @default 1 */
  readonly share?: number;
  /** Batches bring a weight for each entry (`Batch.entryWeights`; 0 = ignored). Not for `dice`. @default false */
  readonly entryWeights?: boolean;
  /**
   * `mean`: divided by the sum of the weights. `sum`: the entry weights hold the divisor already; not for `dice` and
   * `bags`. @default 'mean'
   */
  readonly reduction?: 'mean' | 'sum';
  /** A factor for the entries of each class (of the true class, in `softmaxCrossEntropy`). */
  readonly classWeights?: readonly number[];
}

/** Independent yes/no questions: targets in [0, 1], shaped as the output. The output holds logits. Measure: `acc`. */
export interface SigmoidLoss extends LossBase {
  readonly type: 'sigmoidCrossEntropy';
  /** Moves targets this far towards even chances. @default 0 */
  readonly labelSmoothing?: number;
}

/** As `SigmoidLoss`, with easy entries weighing less (Lin et al. 2017). */
export interface FocalLoss extends LossBase {
  readonly type: 'focal';
  /** @default 2 */
  readonly gamma?: number;
  /** Weight of positive entries, 1 - alpha of negative ones; all 1 where absent. */
  readonly alpha?: number;
}

/**
 * One class of many along axis 1. Targets: `classes` = ids shaped as the output without axis 1 (negative = ignored), or
 * `probabilities`, shaped as the output. The output holds logits. Entry weights have the shape of the ids. Measure: `acc`.
 */
export interface SoftmaxLoss extends LossBase {
  readonly type: 'softmaxCrossEntropy' | 'kl';
  /** `kl` takes probabilities only. @default 'classes' */
  readonly targets?: 'classes' | 'probabilities';
  /** Moves targets this far towards even chances. @default 0 */
  readonly labelSmoothing?: number;
}

/** Overlap of regions (Milletari et al. 2016): targets in [0, 1] shaped as the output, which holds logits. */
export interface DiceLossSpec extends LossBase {
  readonly type: 'dice';
  /** What makes probabilities of the logits. @default 'sigmoid' */
  readonly activation?: 'sigmoid' | 'softmax';
}

/** Numbers: targets shaped as the output. Measure: `mae`, the mean absolute error. */
export interface SmoothL1Loss extends LossBase {
  readonly type: 'smoothL1';
  /** Distance from which the loss is a line. @default 1 */
  readonly beta?: number;
}

/**
 * Yes/no questions asked of bags of samples: the batch is cut into bags of `bagSize` neighbours, the logits of a bag are
 * pooled (see `noisyOr`, `logMeanExp`), and the result is judged by the largest of the members' targets. Shapes as
 * `SigmoidLoss`; a bag's weight is the mean of its samples'. No entry weights.
 */
export interface BagLoss extends LossBase {
  readonly type: 'bags';
  readonly pooling: 'noisy-or' | 'log-sum-exp';
  /** A divisor of the batch size. */
  readonly bagSize: number;
  /** Of `log-sum-exp`. @default 4 */
  readonly sharpness?: number;
  /** Classes of which a no of the bag says nothing about its members: only a yes counts. */
  readonly onlyPositive?: readonly number[];
}

export type LossSpec = SigmoidLoss | FocalLoss | SoftmaxLoss | DiceLossSpec | SmoothL1Loss | BagLoss;

/** A figure of merit: a mean and the weight by which means of several batches are joined. */
export interface Measure extends WeightedMean {
  readonly name: string;
}

export interface Objective {
  /** The scalar to be made small. */
  readonly loss: Value;
  /** Weight by which losses of several batches are joined: that of the first loss. */
  readonly weight: Value;
  readonly measures: readonly Measure[];
}

/**
 * Appends losses and measures to a graph, with inputs `target.OUTPUT`, `entryWeights.OUTPUT` and `sampleWeights`.
 * Losses on one output read the same targets and entry weights.
 * @throws ModelError `loss-output`, `loss-targets`
 */
export function buildObjective(
  spec: ModelSpec,
  values: Readonly<Record<string, Value>>,
  losses: readonly LossSpec[],
): Objective {
  const { graph, shape } = values[spec.outputs[0]];
  const sampleWeights = graphInput(graph, 'sampleWeights', [shape[0]]);
  const feed = createFeeds(spec);
  const measures: Measure[] = [];
  let total: Value | null = null;
  let weight: Value | null = null;
  for (const loss of losses) {
    const output = outputOf(spec, loss);
    const perRow = repeatRows(sampleWeights, values[output].shape[0]);
    const part = buildLoss(values[output], loss, output, perRow, feed);
    const outputs = new Set(losses.map((other) => outputOf(spec, other)));
    const suffix = outputs.size > 1 ? `_${output}` : '';
    if (losses.length > 1) measures.push({ name: `${loss.name ?? loss.type}${suffix}`, ...part.loss });
    for (const measure of part.measures) {
      const name = `${measure.name}${suffix}`;
      if (!measures.some((other) => other.name === name)) measures.push({ ...measure, name });
    }
    const share = loss.share === undefined ? part.loss.mean : mul(part.loss.mean, loss.share);
    total = total ? add(total, share) : share;
    weight ??= part.loss.weight;
  }
  if (!total || !weight)
    throw new ModelError('loss-output', `model ${spec.name}: a training needs at least one loss`);
  return { loss: total, weight, measures };
}

/** Where an output has several rows a sample, each of them weighs as its sample. */
function repeatRows(sampleWeights: Value, rows: number): Value {
  const [samples] = sampleWeights.shape;
  if (rows === samples) return sampleWeights;
  return reshape(expand(reshape(sampleWeights, [samples, 1]), [samples, rows / samples]), [rows]);
}

/** A loss of weighted entries as one number, by the loss's `reduction`. */
function reduce(entries: Value, weights: Value, { reduction }: LossSpec): WeightedMean {
  if (reduction !== 'sum') return weightedMean(entries, weights);
  return { mean: sum(mul(entries, weights)), weight: scalar(entries.graph, entries.shape[0]) };
}

type Feed = (kind: 'target' | 'entryWeights', output: string, like: Value, shape: Shape) => Value;

/** Graph inputs shared by the losses of one output. */
function createFeeds(spec: ModelSpec): Feed {
  const known = new Map<string, Value>();
  return (kind, output, { graph }, shape) => {
    const name = `${kind}.${output}`;
    const value = known.get(name) ?? graphInput(graph, name, shape);
    known.set(name, value);
    if (value.shape.join() === shape.join()) return value;
    throw new ModelError(
      'loss-targets',
      `model ${spec.name}: the losses on "${output}" want ${kind} of shapes [${value.shape}] and [${shape}]; use one kind of targets`,
    );
  };
}

interface LossPart {
  readonly loss: WeightedMean;
  readonly measures: readonly Measure[];
}

function buildLoss(x: Value, loss: LossSpec, output: string, sampleWeights: Value, feed: Feed): LossPart {
  const { graph, shape } = x;
  const [n, classes] = shape;
  const spread = (rank: number, axis: number, value: Value) =>
    reshape(
      value,
      Array.from({ length: rank }, (_, i) => (i === axis ? value.shape[0] : 1)),
    );
  const classWeights = loss.classWeights ? constant(graph, loss.classWeights, [classes]) : null;
  const perSample = spread(shape.length, 0, sampleWeights);

  if (loss.type === 'softmaxCrossEntropy' || loss.type === 'kl') {
    const entryShape = [n, 1, ...shape.slice(2)];
    let weights = perSample;
    if (loss.entryWeights) weights = mul(weights, feed('entryWeights', output, x, entryShape));
    let targets: Value;
    if (loss.type === 'kl' || loss.targets === 'probabilities') targets = feed('target', output, x, shape);
    else {
      targets = oneHot(feed('target', output, x, [n, ...shape.slice(2)]), classes);
      weights = mul(weights, sum(targets, { axes: [1], keepAxes: true }));
    }
    const right = toFloat(equal(argMax(x, 1), argMax(targets, 1)));
    const accuracy = weightedMean(reshape(right, entryShape), weights);
    if (classWeights) {
      weights = mul(
        weights,
        sum(mul(targets, spread(shape.length, 1, classWeights)), { axes: [1], keepAxes: true }),
      );
    }
    const smoothed = smooth(targets, loss.labelSmoothing, 1 / classes);
    const entries = loss.type === 'kl' ? klDivergence(x, smoothed) : softmaxCrossEntropy(x, smoothed);
    return { loss: reduce(entries, weights, loss), measures: [{ name: 'acc', ...accuracy }] };
  }

  const targets = feed('target', output, x, shape);
  if (loss.type === 'bags')
    return { loss: bagLoss(x, targets, sampleWeights, classWeights, loss), measures: [] };
  if (loss.type === 'dice') {
    const entries = diceLoss(loss.activation === 'softmax' ? softmax(x, 1) : sigmoid(x), targets);
    const weights = spread(2, 0, sampleWeights);
    return {
      loss: weightedMean(entries, classWeights ? mul(weights, spread(2, 1, classWeights)) : weights),
      measures: [],
    };
  }
  const plain = loss.entryWeights ? mul(perSample, feed('entryWeights', output, x, shape)) : perSample;
  const weights = classWeights ? mul(plain, spread(shape.length, 1, classWeights)) : plain;
  if (loss.type === 'smoothL1') {
    return {
      loss: reduce(smoothL1(x, targets, loss.beta), weights, loss),
      measures: [{ name: 'mae', ...weightedMean(abs(sub(x, targets)), plain) }],
    };
  }
  const entries =
    loss.type === 'focal'
      ? focalCrossEntropy(x, targets, loss.gamma, loss.alpha ?? null)
      : sigmoidCrossEntropy(x, smooth(targets, loss.labelSmoothing, 0.5));
  const right = toFloat(equal(toFloat(greater(x, 0)), toFloat(greater(targets, 0.5))));
  return { loss: reduce(entries, weights, loss), measures: [{ name: 'acc', ...weightedMean(right, plain) }] };
}

/** Sharp enough that one of four members decides, soft enough that all of them learn. */
const SHARPNESS = 4;

/** @throws ModelError `loss-bags` */
function bagLoss(
  logits: Value,
  targets: Value,
  sampleWeights: Value,
  classWeights: Value | null,
  { pooling, bagSize, sharpness = SHARPNESS, onlyPositive = [] }: BagLoss,
): WeightedMean {
  const { graph, shape } = logits;
  const [n, classes] = shape;
  if (n % bagSize !== 0 || shape.length !== 2) {
    throw new ModelError(
      'loss-bags',
      `bags of ${bagSize} need logits [N, classes] with N a multiple of it, got [${shape.join(', ')}]`,
    );
  }
  const inBags = (value: Value, width: number) => reshape(value, [n / bagSize, bagSize, width]);
  const members = inBags(logits, classes);
  const pooled = pooling === 'noisy-or' ? noisyOr(members) : logMeanExp(members, sharpness);
  const truth = max(inBags(targets, classes), { axes: [1] });
  const weights = mean(inBags(sampleWeights, 1), { axes: [1] });
  const asked = constant(
    graph,
    Array.from({ length: classes }, (_, id) => (onlyPositive.includes(id) ? 0 : 1)),
    [classes],
  );
  const counts = mul(weights, maximum(truth, asked));
  return weightedMean(
    sigmoidCrossEntropy(pooled, truth),
    classWeights ? mul(counts, reshape(classWeights, [1, classes])) : counts,
  );
}

function smooth(targets: Value, smoothing: number | undefined, even: number): Value {
  return !smoothing ? targets : add(mul(targets, 1 - smoothing), smoothing * even);
}

/** @throws ModelError `loss-output` */
export function outputOf(spec: ModelSpec, loss: LossSpec): string {
  const output = loss.output ?? spec.outputs[0];
  if (spec.outputs.includes(output) && (loss.output !== undefined || spec.outputs.length === 1))
    return output;
  throw new ModelError(
    'loss-output',
    `model ${spec.name}: a loss must name one of the outputs ${spec.outputs.join(', ')}, got ${loss.output ?? 'none'}`,
  );
}
