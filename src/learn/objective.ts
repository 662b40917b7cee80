/** Losses and metrics as plain data, and their parts of the graph. */
import { ModelError } from '../common/index.js';
import {
  add,
  argMax,
  equal,
  graphInput,
  greater,
  mul,
  oneHot,
  reshape,
  type Shape,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sum,
  toFloat,
  type Value,
  weightedMean,
} from '../engine/index.js';
import type { ModelSpec } from './spec.js';

interface LossBase {
  /** The model output that it judges; the model's only output where absent. */
  readonly output?: string;
  /** Share in the total loss. @default 1 */
  readonly share?: number;
  /** Batches bring a weight for each entry (`Batch.entryWeights`). @default false */
  readonly entryWeights?: boolean;
  /** Moves targets this far towards even chances. @default 0 */
  readonly labelSmoothing?: number;
}

/** Independent yes/no questions: targets in [0, 1], shaped as the output. The output holds logits. */
export interface SigmoidLoss extends LossBase {
  readonly type: 'sigmoidCrossEntropy';
}

/**
 * One class of many along axis 1. Targets: `classes` = ids shaped as the output without axis 1 (negative = ignored), or
 * `probabilities`, shaped as the output. The output holds logits. Entry weights have the shape of the ids.
 */
export interface SoftmaxLoss extends LossBase {
  readonly type: 'softmaxCrossEntropy';
  /** @default 'classes' */
  readonly targets?: 'classes' | 'probabilities';
}

export type LossSpec = SigmoidLoss | SoftmaxLoss;

/** A figure of merit: a weighted sum and its weight, to be joined over batches. */
export interface Measure {
  readonly name: string;
  readonly mean: Value;
  readonly weight: Value;
}

export interface Objective {
  /** The scalar to be made small. */
  readonly loss: Value;
  readonly measures: readonly Measure[];
}

/**
 * Appends losses and accuracies to a graph, with inputs `target.OUTPUT`, `entryWeights.OUTPUT` and `sampleWeights`.
 * @throws ModelError `loss-output`
 */
export function buildObjective(
  spec: ModelSpec,
  values: Readonly<Record<string, Value>>,
  losses: readonly LossSpec[],
): Objective {
  const [first] = spec.outputs;
  const { graph, shape } = values[first];
  const sampleWeights = graphInput(graph, 'sampleWeights', [shape[0]]);
  const measures: Measure[] = [];
  let total: Value | null = null;
  for (const loss of losses) {
    const output = outputOf(spec, loss);
    const part = buildLoss(values[output], loss, output, sampleWeights);
    const suffix = losses.length > 1 ? `_${output}` : '';
    if (losses.length > 1) measures.push({ name: `loss${suffix}`, ...part.loss });
    measures.push({ name: `acc${suffix}`, ...part.accuracy });
    const share = loss.share === undefined ? part.loss.mean : mul(part.loss.mean, loss.share);
    total = total ? add(total, share) : share;
  }
  if (!total) throw new ModelError('loss-output', `model ${spec.name}: a training needs at least one loss`);
  return { loss: total, measures };
}

function buildLoss(logits: Value, loss: LossSpec, output: string, sampleWeights: Value) {
  const { graph, shape } = logits;
  const [n, classes] = shape;
  const entryShape: Shape = loss.type === 'sigmoidCrossEntropy' ? shape : [n, 1, ...shape.slice(2)];
  let weights = reshape(sampleWeights, [n, ...shape.slice(1).map(() => 1)]);
  if (loss.entryWeights) weights = mul(weights, graphInput(graph, `entryWeights.${output}`, entryShape));
  const smoothing = loss.labelSmoothing ?? 0;
  const smooth = (targets: Value, even: number) =>
    smoothing === 0 ? targets : add(mul(targets, 1 - smoothing), smoothing * even);

  if (loss.type === 'sigmoidCrossEntropy') {
    const targets = graphInput(graph, `target.${output}`, shape);
    const right = toFloat(equal(toFloat(greater(logits, 0)), toFloat(greater(targets, 0.5))));
    return {
      loss: weightedMean(sigmoidCrossEntropy(logits, smooth(targets, 0.5)), weights),
      accuracy: weightedMean(right, weights),
    };
  }
  let probabilities: Value;
  if (loss.targets === 'probabilities') probabilities = graphInput(graph, `target.${output}`, shape);
  else {
    const ids = graphInput(graph, `target.${output}`, [n, ...shape.slice(2)]);
    probabilities = oneHot(ids, classes);
    weights = mul(weights, sum(probabilities, { axes: [1], keepAxes: true }));
  }
  const right = toFloat(equal(argMax(logits, 1), argMax(probabilities, 1)));
  return {
    loss: weightedMean(softmaxCrossEntropy(logits, smooth(probabilities, 1 / classes)), weights),
    accuracy: weightedMean(reshape(right, entryShape), weights),
  };
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
