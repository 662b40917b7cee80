/** Builds graphs of ONNX operators, differentiates them and runs them on an ONNX runtime. Platform-neutral. */
export * from './activations.js';
export * from './bags.js';

export { type ConvOptions, conv2d } from './convolution.js';
export { type ConvTransposeOptions, convTranspose2d } from './convolution-transposed.js';
export * from './elementwise.js';
export { extractModel } from './extract.js';
export { gather } from './gather.js';
export { gradients } from './gradients.js';
export {
  constant,
  createGraph,
  type DataType,
  type Graph,
  graphInput,
  type Shape,
  scalar,
  sizeOf,
  type TensorData,
  type Value,
} from './graph.js';
export { withInputPower } from './input-power.js';
export {
  argMax,
  concat,
  expand,
  flatten,
  oneHot,
  type PadRange,
  pad,
  reshape,
  reverse,
  type SliceRange,
  slice,
  split,
  transpose,
} from './layout.js';
export * from './losses.js';
export { dense, matmul, transposedMatmul } from './matmul.js';
export { type LoadedModel, loadModel, type Tensor, type TensorInfo } from './model.js';
export * from './normalization.js';
export * from './optimizers.js';
export * from './pooling.js';
export { probeRuntime } from './probe.js';
export { compileGraph, createSession, type Program } from './program.js';
export * from './reductions.js';
export { type ResizeMode, resize } from './resize.js';
export { type RoiAlignOptions, roiAlign } from './roi-align.js';
export type { Device, Runtime } from './runtime.js';
export { decodeModel, readOnnxMetadata, serializeGraph, withOnnxMetadata } from './serialize.js';
export type { Padding, Size2d } from './windows.js';
