/** Models as plain data: what a network is made of, writable to JSON and readable from it. */
import type { Padding, ResizeMode, Size2d } from '../engine/index.js';

export type ActivationName =
  | 'relu'
  | 'leakyRelu'
  | 'gelu'
  | 'silu'
  | 'sigmoid'
  | 'tanh'
  | 'softmax'
  | 'logSoftmax';

interface LayerBase {
  /** Unique in the model; names its weights (`NAME.weight`, ...) and is what `from` and `outputs` refer to. */
  readonly name: string;
  /** Layers or inputs that this one reads; the layer above where absent. */
  readonly from?: string | readonly string[];
  /** Its weights stay as they are in training, and so do its running statistics. @default false */
  readonly frozen?: boolean;
  /** Another layer whose weights it uses, of the same type and shapes. @default its own */
  readonly weightsOf?: string;
}

export interface Conv2dLayer extends LayerBase {
  readonly type: 'conv2d';
  readonly filters: number;
  readonly kernel: Size2d;
  readonly stride?: Size2d;
  /** @default 'same' */
  readonly padding?: Padding;
  readonly dilation?: Size2d;
  /** @default 1 */
  readonly groups?: number;
  /** @default true */
  readonly bias?: boolean;
}

export interface ConvTranspose2dLayer extends LayerBase {
  readonly type: 'convTranspose2d';
  readonly filters: number;
  readonly kernel: Size2d;
  readonly stride?: Size2d;
  /** @default 'same': the size times the stride */
  readonly padding?: Padding;
  /** @default true */
  readonly bias?: boolean;
}

export interface ResizeLayer extends LayerBase {
  readonly type: 'resize';
  readonly factor: Size2d;
  readonly mode: ResizeMode;
}

export interface NormLayer extends LayerBase {
  /** `layerNorm`: over the last axis. `groupNorm`: over groups of channels and all positions. */
  readonly type: 'layerNorm' | 'groupNorm';
  /** Of `groupNorm`. @default 1 */
  readonly groups?: number;
  /** @default 1e-5 */
  readonly epsilon?: number;
}

export interface DenseLayer extends LayerBase {
  readonly type: 'dense';
  readonly units: number;
  /** @default true */
  readonly bias?: boolean;
}

export interface BatchNormLayer extends LayerBase {
  readonly type: 'batchNorm';
  /** Share of a new batch in the running statistics. @default 0.1 */
  readonly momentum?: number;
  /** @default 1e-5 */
  readonly epsilon?: number;
}

export interface ActivationLayer extends LayerBase {
  readonly type: 'activation';
  readonly activation: ActivationName;
}

export interface PoolLayer extends LayerBase {
  readonly type: 'maxPool' | 'averagePool';
  readonly size: Size2d;
  /** The window's size where absent. */
  readonly stride?: Size2d;
  /** @default 'valid' */
  readonly padding?: Padding;
}

export interface DropoutLayer extends LayerBase {
  readonly type: 'dropout';
  /** Probability of being dropped, in [0, 1). */
  readonly rate: number;
}

export interface ConcatLayer extends LayerBase {
  readonly type: 'concat';
  readonly from: readonly string[];
  /** @default 1, the channels */
  readonly axis?: number;
}

export interface AddLayer extends LayerBase {
  readonly type: 'add' | 'multiply';
  readonly from: readonly string[];
}

/**
 * Regions of feature maps resampled to one size. Reads the maps of all levels, then regions [R, 4] (left, top, right,
 * bottom in pixels of the network's input), the index of each region's sample [R], and each region's level as a row of 0
 * and 1 [R, levels].
 */
export interface RoiAlignLayer extends LayerBase {
  readonly type: 'roiAlign';
  readonly from: readonly string[];
  /** Rows and columns of the result. */
  readonly size: number;
  /** Pixels of the input for one pixel of each level's map. */
  readonly strides: readonly number[];
  /** Samples a side of each bin. @default 2 */
  readonly samples?: number;
}

export interface PlainLayer extends LayerBase {
  readonly type: 'globalAveragePool' | 'globalMaxPool' | 'flatten';
}

export type LayerSpec =
  | Conv2dLayer
  | ConvTranspose2dLayer
  | ResizeLayer
  | NormLayer
  | DenseLayer
  | BatchNormLayer
  | ActivationLayer
  | PoolLayer
  | DropoutLayer
  | ConcatLayer
  | AddLayer
  | RoiAlignLayer
  | PlainLayer;

export interface InputSpec {
  readonly name: string;
  /** Without the batch: [channels, height, width] or [features]. */
  readonly shape: readonly number[];
  /** Rows that each sample of the batch brings, e.g. its regions; their number is free in an exported network. @default 1 */
  readonly rows?: number;
}

export interface ModelSpec {
  readonly name: string;
  readonly inputs: readonly InputSpec[];
  /** In an order in which every layer comes after those it reads. */
  readonly layers: readonly LayerSpec[];
  /** Layers whose results are the model's outputs. */
  readonly outputs: readonly string[];
}
