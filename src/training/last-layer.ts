import { createRandom, LOCATIONS, shuffled } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import { type BatchSource, fit, type ModelSpec } from '../learn/index.js';
import { type LastLayer, LOGITS_OUTPUT } from '../networks/index.js';

/** What a last layer learns from: rows of features, one after the other. */
export interface LayerExamples {
  /** rows x features */
  readonly features: Float32Array;
  /** rows x locations, in [0, 1] */
  readonly targets: Float32Array;
  /** One a row. */
  readonly weights: Float32Array;
}

export interface LayerFitOptions {
  readonly epochs: number;
  /** Highest learning rate of Adam, falling to 0 as half a cosine; features are brought to like spread first. */
  readonly learningRate: number;
  /** @default none */
  readonly weightDecay?: number;
  readonly seed: number;
}

const FEATURES_INPUT = 'features';
/** Most rows a step; fewer where there are not so many. */
export const LAYER_BATCH = 256;
/** Added to each feature's deviation, so that one that is nearly always 0 does not become loud. */
const LEAST_SPREAD = 0.05;

/** Trains a last layer on from the given one. */
export async function fitLastLayer(
  runtime: Runtime,
  first: LastLayer,
  examples: LayerExamples,
  { epochs, learningRate, weightDecay = 0, seed }: LayerFitOptions,
): Promise<LastLayer> {
  const classes = LOCATIONS.length;
  const features = first.weight.length / classes;
  const spread = measureSpread(examples.features, features);
  const layer = onSpread(first, spread);
  const model: ModelSpec = {
    name: 'last_layer',
    inputs: [{ name: FEATURES_INPUT, shape: [features] }],
    layers: [{ type: 'dense', name: LOGITS_OUTPUT, units: classes }],
    outputs: [LOGITS_OUTPUT],
  };
  const batchSize = Math.min(LAYER_BATCH, examples.weights.length);
  // biome-ignore lint/suspicious/noFocusedTests: this fit trains a model
  const { weights } = await fit(runtime, {
    model,
    weights: {
      [`${LOGITS_OUTPUT}.weight`]: { shape: [classes, features], data: layer.weight },
      [`${LOGITS_OUTPUT}.bias`]: { shape: [classes], data: layer.bias },
    },
    losses: [{ type: 'sigmoidCrossEntropy' }],
    optimizer: { type: 'adamw', learningRate, weightDecay },
    schedule: { type: 'cosine' },
    ...{ seed, batchSize, epochs },
    train: shuffledBatches(examples, features, spread, batchSize, seed),
  });
  return offSpread(
    { weight: weights[`${LOGITS_OUTPUT}.weight`].data, bias: weights[`${LOGITS_OUTPUT}.bias`].data },
    spread,
  );
}

/** Scores of rows of features: rows x locations, in [0, 1]. */
export function layerScores({ weight, bias }: LastLayer, features: Float32Array): Float32Array {
  const classes = LOCATIONS.length;
  const width = weight.length / classes;
  const scores = new Float32Array((features.length / width) * classes);
  for (let i = 0; i < scores.length; i++) {
    const row = Math.floor(i / classes) * width;
    const id = i % classes;
    let logit = bias[id];
    for (let j = 0; j < width; j++) logit += weight[id * width + j] * features[row + j];
    scores[i] = 1 / (1 + Math.exp(-logit));
  }
  return scores;
}

/** All examples in a new order each epoch, in full batches. */
function shuffledBatches(
  { features, targets, weights }: LayerExamples,
  width: number,
  spread: Spread,
  batchSize: number,
  seed: number,
): BatchSource {
  const classes = LOCATIONS.length;
  const rows = Array.from(weights, (_, row) => row);
  const steps = Math.floor(rows.length / batchSize);
  // A weight of 1 on average keeps the figures of the loss readable.
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return {
    steps,
    *read(epoch) {
      const order = shuffled(rows, createRandom(seed).fork(epoch));
      for (let step = 0; step < steps; step++) {
        const chosen = order.slice(step * batchSize, (step + 1) * batchSize);
        const input = new Float32Array(batchSize * width);
        const target = new Float32Array(batchSize * classes);
        chosen.forEach((row, k) => {
          for (let j = 0; j < width; j++)
            input[k * width + j] = (features[row * width + j] - spread.mean[j]) / spread.deviation[j];
          target.set(targets.subarray(row * classes, (row + 1) * classes), k * classes);
        });
        yield {
          count: batchSize,
          inputs: { [FEATURES_INPUT]: input },
          targets: { [LOGITS_OUTPUT]: target },
          sampleWeights: Float32Array.from(chosen, (row) => weights[row] / meanWeight),
        };
      }
    },
  };
}

/** Mean and deviation of each feature over the rows. */
interface Spread {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function measureSpread(features: Float32Array, width: number): Spread {
  const rows = features.length / width;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < features.length; i++) mean[i % width] += features[i] / rows;
  for (let i = 0; i < features.length; i++)
    deviation[i % width] += (features[i] - mean[i % width]) ** 2 / rows;
  return { mean, deviation: deviation.map((variance) => Math.sqrt(variance) + LEAST_SPREAD) };
}

/** The layer that gives the same logits of features brought to like spread. */
function onSpread({ weight, bias }: LastLayer, { mean, deviation }: Spread): LastLayer {
  const width = mean.length;
  const moved = Float32Array.from(bias);
  weight.forEach((value, i) => {
    moved[Math.floor(i / width)] += value * mean[i % width];
  });
  return { weight: weight.map((value, i) => value * deviation[i % width]), bias: moved };
}

/** The layer that gives the same logits of features as they are. */
function offSpread({ weight, bias }: LastLayer, { mean, deviation }: Spread): LastLayer {
  const width = mean.length;
  const own = weight.map((value, i) => value / deviation[i % width]);
  const moved = Float32Array.from(bias);
  own.forEach((value, i) => {
    moved[Math.floor(i / width)] -= value * mean[i % width];
  });
  return { weight: own, bias: moved };
}
