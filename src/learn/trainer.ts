/** One model in training: weights, optimiser state and the two compiled programs that learn from and judge a batch. */
import { createRandom, InputError } from '../common/index.js';
import { type Program, type Runtime, sizeOf, type TensorData } from '../engine/index.js';
import type { Ask, Batch } from './batch.js';
import { flatLayout, pack, trainedFirstDecaying, unpack } from './flat.js';
import { listWeights } from './network.js';
import type { LossSpec } from './objective.js';
import { type OptimizerSpec, optimizerStateCount, stepScalars } from './optimizer.js';
import type { ModelSpec } from './spec.js';
import { compileAsking, compileJudging, compileLearning } from './training-graph.js';
import type { Weights } from './weights.js';

export interface TrainerOptions {
  readonly model: ModelSpec;
  readonly weights: Weights;
  readonly losses: readonly LossSpec[];
  /** What `judge` judges by. @default the losses */
  readonly judgingLosses?: readonly LossSpec[];
  readonly optimizer: OptimizerSpec;
  readonly batchSize: number;
  /** For the dropout masks. */
  readonly seed: number;
  /**
   * Keep an average of the weights, of which this share stays at each step (less in the first steps:
   * (1 + step) / (10 + step)), and judge with it. @default none
   */
  readonly averaging?: number;
  /** Layers that `ask` gives. @default none */
  readonly asks?: readonly string[];
}

/** Loss and measures of one batch, each with the weight that joins it with other batches. */
export type Figures = Readonly<Record<string, { readonly mean: number; readonly weight: number }>>;

/** All that changes in training. */
export interface TrainerState {
  /** Steps made. */
  readonly step: number;
  /** Trained weights, one after the other. */
  readonly parameters: Float32Array;
  /** Running statistics and frozen weights, one after the other. */
  readonly fixed: Float32Array;
  /** The optimiser's vectors, and last the averaged parameters where there is averaging. */
  readonly optimizer: readonly Float32Array[];
}

export interface Trainer {
  /** Learns from one full batch. */
  learn(batch: Batch, learningRate: number): Promise<Figures>;
  /** Judges a batch of at most the batch size, without learning. */
  judge(batch: Batch): Promise<Figures>;
  /** See `Ask`; gives nothing where `asks` names nothing. */
  readonly ask: Ask;
  /** A copy of the state. */
  state(): TrainerState;
  restore(state: TrainerState): void;
  /** A copy of all weights; the averaged ones where there is averaging. */
  weights(): Weights;
  release(): Promise<void>;
}

type Vectors = Omit<TrainerState, 'step'>;

/**
 * Builds and compiles the training graph (forward, backward, update in one) and the judging graph.
 * @throws ModelError, ShapeError as `buildNetwork` and `buildObjective`
 */
export async function createTrainer(runtime: Runtime, options: TrainerOptions): Promise<Trainer> {
  const { model, batchSize, optimizer, seed, averaging } = options;
  const infos = listWeights(model);
  const trained = flatLayout(trainedFirstDecaying(infos));
  const fixed = flatLayout(infos.filter(({ role }) => role !== 'trained'));
  const { program: learning, masks } = await compileLearning(runtime, options, trained, fixed);
  const judging = await compileJudging(runtime, options, trained, fixed);
  const asking = options.asks ? await compileAsking(runtime, options, options.asks, trained, fixed) : null;

  let step = 0;
  let current: Vectors = {
    parameters: pack(trained, options.weights),
    fixed: pack(fixed, options.weights),
    optimizer: Array.from({ length: optimizerStateCount(optimizer) }, () => new Float32Array(trained.size)),
  };
  if (averaging !== undefined)
    current = { ...current, optimizer: [...current.optimizer, current.parameters.slice()] };
  const judged = () =>
    averaging === undefined ? current.parameters : current.optimizer[current.optimizer.length - 1];
  // The next state is written beside the current one and the two change places: no allocation from step to step.
  let spare: Vectors = {
    parameters: new Float32Array(trained.size),
    fixed: new Float32Array(fixed.size),
    optimizer: current.optimizer.map(({ length }) => new Float32Array(length)),
  };

  const batchFeeds = (batch: Batch, program: Program): Record<string, TensorData> => {
    const feeds: Record<string, TensorData> = {
      sampleWeights: padded(batch.sampleWeights ?? new Float32Array(batch.count).fill(1), batchSize),
      parameters: current.parameters,
      fixed: current.fixed,
    };
    for (const [prefix, group] of [
      ['input', batch.inputs],
      ['target', batch.targets],
      ['entryWeights', batch.entryWeights ?? {}],
    ] as const) {
      for (const [name, data] of Object.entries(group)) {
        const input = program.inputs[`${prefix}.${name}`];
        if (!input) continue;
        const expected = (sizeOf(input.shape) / batchSize) * batch.count;
        if (data.length !== expected) {
          throw new InputError(
            'batch-size',
            `batch: ${prefix} "${name}" of ${batch.count} samples must hold ${expected} numbers, holds ${data.length}`,
          );
        }
        feeds[`${prefix}.${name}`] = padded(data, sizeOf(input.shape));
      }
    }
    return feeds;
  };

  return {
    async learn(batch, learningRate) {
      if (batch.count !== batchSize) {
        throw new InputError(
          'batch-size',
          `batch: training needs ${batchSize} samples a batch, got ${batch.count}`,
        );
      }
      const feeds = batchFeeds(batch, learning);
      const scalars = stepScalars(optimizer, step + 1, learningRate);
      if (averaging !== undefined) scalars.averaging = Math.min(averaging, (1 + step) / (10 + step));
      for (const [name, number] of Object.entries(scalars))
        feeds[`optimizer.${name}`] = Float32Array.of(number);
      current.optimizer.forEach((vector, index) => {
        feeds[`state.${index}`] = vector;
      });
      const random = createRandom(seed).fork(step);
      masks.forEach(({ name, size, rate }, index) => {
        feeds[name] = drawMask(size, rate, random.fork(index).uniform);
      });
      const into: Record<string, Float32Array> = { 'parameters.next': spare.parameters };
      if (fixed.size > 0) into['fixed.next'] = spare.fixed;
      spare.optimizer.forEach((vector, index) => {
        into[`state.${index}.next`] = vector;
      });
      const results = await learning.run(feeds, into);
      [current, spare] = [spare, current];
      step++;
      return readFigures(results);
    },
    async judge(batch) {
      return readFigures(await judging.run({ ...batchFeeds(batch, judging), parameters: judged() }));
    },
    async ask(inputs) {
      if (asking === null) return {};
      const { parameters, fixed: statistics } = current;
      const named = Object.entries(inputs).map(([name, data]) => [`input.${name}`, data]);
      return asking.run({ ...Object.fromEntries(named), parameters, fixed: statistics });
    },
    state: () => ({
      step,
      parameters: current.parameters.slice(),
      fixed: current.fixed.slice(),
      optimizer: current.optimizer.map((vector) => vector.slice()),
    }),
    restore(state) {
      step = state.step;
      current.parameters.set(state.parameters);
      current.fixed.set(state.fixed);
      current.optimizer.forEach((vector, index) => {
        vector.set(state.optimizer[index]);
      });
    },
    weights: () => ({ ...unpack(trained, judged()), ...unpack(fixed, current.fixed) }),
    async release() {
      await learning.release();
      await judging.release();
      await asking?.release();
    },
  };
}

function readFigures(results: Readonly<Record<string, Float32Array>>): Figures {
  const names = Object.keys(results).flatMap((key) => (key.startsWith('mean.') ? [key.slice(5)] : []));
  return Object.fromEntries(
    names.map((name) => [name, { mean: results[`mean.${name}`][0], weight: results[`weight.${name}`][0] }]),
  );
}

/** The data, followed by zeros up to the given length. */
function padded(data: Float32Array, length: number): Float32Array {
  if (data.length === length) return data;
  const out = new Float32Array(length);
  out.set(data);
  return out;
}

function drawMask(size: number, rate: number, uniform: () => number): Float32Array {
  const mask = new Float32Array(size);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < size; i++) mask[i] = uniform() < rate ? 0 : kept;
  return mask;
}
