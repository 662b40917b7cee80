import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

/** Where a program runs. */
export type Device = 'cpu' | 'webgpu' | 'cuda';

/** An ONNX runtime handed in by a face: `onnxruntime-node`, `onnxruntime-web`, with the device it shall use. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly device: Device;
  /** Threads and execution providers, passed to every session. */
  readonly sessionOptions: InferenceSession.SessionOptions;
  /** Channels in a block of its blocked layout (`probeRuntime` finds it); 0 where it has none. */
  readonly blockSize: number;
  /** Whether a run writes into arrays it is given for its outputs; the browser's does not. `probeRuntime` finds it. */
  readonly fillsOutputs: boolean;
}
