/** Training from start to end: epochs, validation, checkpoints, early stopping. */
import { InputError, ModelError } from '../common/index.js';
import type { Runtime } from '../engine/index.js';
import type { Batch, BatchSource } from './batch.js';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { listWeights } from './network.js';
import type { LossSpec } from './objective.js';
import { baseLearningRate, type OptimizerSpec } from './optimizer.js';
import type { Progress } from './progress.js';
import { type ScheduleSpec, scheduleFactor } from './schedule.js';
import type { ModelSpec } from './spec.js';
import { createTrainer, type Figures, type Trainer } from './trainer.js';
import { drawWeights, type Weights } from './weights.js';

/** Figures of one epoch: `loss`, `acc`, ..., with validation `val_loss`, ..., and `lr`, `seconds`. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  readonly figures: Readonly<Record<string, number>>;
}

export interface EarlyStopping {
  /** Epochs without a better figure after which training stops. */
  readonly patience: number;
  /** Least change that counts as better. @default 0 */
  readonly minDelta?: number;
}

export interface FitOptions {
  readonly model: ModelSpec;
  /** First weights; drawn from the seed where absent. */
  readonly weights?: Weights;
  /** For first weights and dropout: the same seed gives the same weights bit for bit on one thread. */
  readonly seed: number;
  readonly losses: readonly LossSpec[];
  /** What a batch of the validation is judged by. @default the losses */
  readonly judgingLosses?: readonly LossSpec[];
  readonly optimizer: OptimizerSpec;
  /** @default constant */
  readonly schedule?: ScheduleSpec;
  /** Judge and return an average of the weights, of which this share stays at each step, e.g. 0.999. */
  readonly averaging?: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Ends after this epoch; the schedule stays that of all `epochs`, and a checkpoint goes on from there. @default epochs */
  readonly stopAfter?: number;
  readonly train: BatchSource;
  /** Layers that `train` may ask for (see `Ask`). @default none */
  readonly asks?: readonly string[];
  /** Figures of an epoch that no loss gives, e.g. AP of what the network finds; they get the prefix `val_`. */
  evaluate?(weights: Weights): Promise<Readonly<Record<string, number>>>;
  readonly validation?: BatchSource;
  /** Figure that says which epoch is best. @default 'val_loss', or 'loss' without validation */
  readonly monitor?: string;
  /** @default 'min' for losses, 'max' for others */
  readonly better?: 'min' | 'max';
  readonly earlyStopping?: EarlyStopping;
  /** Bytes of a checkpoint to go on from, made with the same model, seed and batch size. */
  readonly resume?: Uint8Array;
  onProgress?(progress: Progress): void;
  /** Called after each epoch with a checkpoint, `isBest` where the monitored figure is the best so far. */
  onCheckpoint?(bytes: Uint8Array, info: { epoch: number; isBest: boolean }): void | Promise<void>;
  /** Stops after the running step once aborted; the last checkpoint stays. */
  readonly signal?: AbortSignal;
}

export interface FitResult {
  /** Weights after the last step. */
  readonly weights: Weights;
  /** Weights of the best epoch. */
  readonly bestWeights: Weights;
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
  readonly stopped: 'finished' | 'early' | 'aborted';
}

/**
 * Trains a model.
 * @throws ModelError `loss-not-finite` naming epoch and step; `monitor-unknown`
 * @throws InputError `checkpoint-mismatch`, `batch-size`, `batches-missing`
 * @throws ModelError, ShapeError where the model's description is not sound
 */
export async function fit(runtime: Runtime, options: FitOptions): Promise<FitResult> {
  const { model, seed, epochs, stopAfter = epochs, signal } = options;
  const resumed = options.resume ? decodeCheckpoint(options.resume) : null;
  if (resumed && (JSON.stringify(resumed.model) !== JSON.stringify(model) || resumed.seed !== seed)) {
    throw new InputError(
      'checkpoint-mismatch',
      `the checkpoint is of model ${resumed.model.name} with seed ${resumed.seed}, not of this ${model.name} with seed ${seed}`,
    );
  }
  const start = options.weights ?? drawWeights(listWeights(model), seed);
  const trainer = await createTrainer(runtime, { ...options, weights: start });
  try {
    if (resumed) trainer.restore(resumed.state);
    const history = [...(resumed?.history ?? [])];
    let bestWeights = resumed?.best ?? null;
    let stopped: FitResult['stopped'] = 'finished';
    for (let epoch = resumed?.epoch ?? 0; epoch < Math.min(epochs, stopAfter); epoch++) {
      if (isExhausted(history, options)) {
        stopped = 'early';
        break;
      }
      const figures = await runEpoch(trainer, options, epoch, history);
      if (!figures) {
        stopped = 'aborted';
        break;
      }
      history.push({ epoch: epoch + 1, figures });
      const isBest = bestIndex(history, options) === history.length - 1;
      if (isBest) bestWeights = trainer.weights();
      if (options.onCheckpoint) {
        const checkpoint = {
          model,
          seed,
          epoch: epoch + 1,
          history,
          state: trainer.state(),
          best: bestWeights,
        };
        await options.onCheckpoint(encodeCheckpoint(checkpoint), { epoch: epoch + 1, isBest });
      }
      if (signal?.aborted) {
        stopped = 'aborted';
        break;
      }
    }
    const weights = trainer.weights();
    return {
      weights,
      bestWeights: bestWeights ?? weights,
      bestEpoch: history.length > 0 ? history[bestIndex(history, options)].epoch : 0,
      history,
      stopped,
    };
  } finally {
    await trainer.release();
  }
}

/** One pass over the training batches and one over the validation's; null if aborted. */
async function runEpoch(
  trainer: Trainer,
  options: FitOptions,
  epoch: number,
  history: readonly EpochRecord[],
): Promise<Record<string, number> | null> {
  const { train, validation, evaluate, signal, schedule = { type: 'constant' } } = options;
  const began = performance.now();
  const { values, sign } = monitored(history, options);
  const costs = values.map((value) => -sign * value);
  let learningRate = 0;
  const totals = createTotals();
  let step = 0;
  const report = (figures: Record<string, number>, done: boolean) =>
    options.onProgress?.({
      epoch: epoch + 1,
      epochs: options.epochs,
      step,
      steps: train.steps,
      seconds: (performance.now() - began) / 1000,
      figures,
      done,
    });

  for await (const batch of prefetched(train.read(epoch, trainer.ask))) {
    if (signal?.aborted) return null;
    const factor = scheduleFactor(schedule, {
      step: epoch * train.steps + step,
      stepsPerEpoch: train.steps,
      epochs: options.epochs,
      monitored: costs,
    });
    learningRate = baseLearningRate(options.optimizer) * factor;
    const figures = await trainer.learn(batch, learningRate);
    step++;
    if (!Number.isFinite(figures.loss.mean)) {
      throw new ModelError(
        'loss-not-finite',
        `epoch ${epoch + 1}, step ${step} of ${train.steps}: the loss is ${figures.loss.mean}. ` +
          'Lower the learning rate, or look for NaN or infinite numbers in this batch.',
      );
    }
    totals.add(figures);
    report(totals.means(), false);
  }
  if (step === 0)
    throw new InputError('batches-missing', `epoch ${epoch + 1}: the source gave no training batch`);
  const figures = totals.means();
  if (validation) {
    const judged = createTotals();
    for await (const batch of prefetched(validation.read(epoch, trainer.ask)))
      judged.add(await trainer.judge(batch));
    for (const [name, mean] of Object.entries(judged.means())) figures[`val_${name}`] = mean;
  }
  if (evaluate) {
    for (const [name, value] of Object.entries(await evaluate(trainer.weights())))
      figures[`val_${name}`] = value;
  }
  figures.lr = learningRate;
  report(figures, true);
  return figures;
}

/** Asks for the next batch before the last one is worked on, so that reading and computing overlap. */
async function* prefetched(batches: AsyncIterable<Batch> | Iterable<Batch>): AsyncGenerator<Batch> {
  const iterator =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  let next = Promise.resolve(iterator.next());
  // A failure while a step runs is thrown when its turn comes, not reported as unhandled.
  next.catch(() => {});
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = Promise.resolve(iterator.next());
      next.catch(() => {});
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

function createTotals() {
  const sums: Record<string, { sum: number; weight: number }> = {};
  return {
    add(figures: Figures): void {
      for (const [name, { mean, weight }] of Object.entries(figures)) {
        sums[name] ??= { sum: 0, weight: 0 };
        const total = sums[name];
        total.sum += mean * weight;
        total.weight += weight;
      }
    },
    means(): Record<string, number> {
      return Object.fromEntries(
        Object.entries(sums).map(([name, { sum, weight }]) => [name, weight > 0 ? sum / weight : 0]),
      );
    },
  };
}

function monitored(history: readonly EpochRecord[], options: FitOptions): { values: number[]; sign: number } {
  const monitor = options.monitor ?? (options.validation ? 'val_loss' : 'loss');
  const better = options.better ?? (monitor.includes('loss') ? 'min' : 'max');
  const values = history.map(({ figures }) => {
    const value = figures[monitor];
    if (value !== undefined) return value;
    throw new ModelError(
      'monitor-unknown',
      `fit: there is no figure "${monitor}" to monitor; there are ${Object.keys(figures).join(', ')}`,
    );
  });
  return { values, sign: better === 'min' ? -1 : 1 };
}

/** Index of the best epoch, the first of equal ones; -1 without any. */
function bestIndex(history: readonly EpochRecord[], options: FitOptions, minDelta = 0): number {
  const { values, sign } = monitored(history, options);
  let best = values.length > 0 ? 0 : -1;
  values.forEach((value, index) => {
    if (sign * (value - values[best]) > minDelta) best = index;
  });
  return best;
}

function isExhausted(history: readonly EpochRecord[], options: FitOptions): boolean {
  if (!options.earlyStopping || history.length === 0) return false;
  const { patience, minDelta = 0 } = options.earlyStopping;
  return history.length - 1 - bestIndex(history, options, minDelta) >= patience;
}
