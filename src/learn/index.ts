/** Layers, losses, training and export of networks described as plain data. Platform-neutral. */
export type { Ask, Batch, BatchSource } from './batch.js';
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
export { type Contributions, openContributions } from './contributions.js';
export { type ExportOptions, exportOnnx } from './export.js';
export { type EarlyStopping, type EpochRecord, type FitOptions, type FitResult, fit } from './fit.js';
export { foldModel } from './fold.js';
export { buildNetwork, listWeights, type Network, type NetworkContext } from './network.js';
export type {
  BagLoss,
  DiceLossSpec,
  FocalLoss,
  LossSpec,
  SigmoidLoss,
  SmoothL1Loss,
  SoftmaxLoss,
} from './objective.js';
export type { AdamSpec, OptimizerSpec, RmspropSpec, SgdSpec } from './optimizer.js';
export { type Progress, renderProgress } from './progress.js';
export { type SchedulePoint, type ScheduleSpec, scheduleFactor } from './schedule.js';
export type * from './spec.js';
export {
  createTrainer,
  type Figures,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
} from './trainer.js';
export {
  type FoundWeight,
  fromKeras,
  readOnnxWeights,
  type Transfer,
  transferWeights,
  type WeightMatch,
} from './transfer.js';
export { drawWeights, type Weight, type WeightInfo, type Weights } from './weights.js';
