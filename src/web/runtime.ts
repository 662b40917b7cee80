import type { InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import { probeRuntime, type Runtime } from '../engine/index.js';

/** What is needed of the module `onnxruntime-web` (or `onnxruntime-web/webgpu`), which the page loads. */
export interface BrowserOrt {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/**
 * The browser's ONNX runtime.
 * @param device `cpu` runs in WebAssembly; on `webgpu` a run must have ended before the next one begins
 * @throws ModelError `device-absent` if this browser has no WebGPU
 */
export function browserRuntime(ort: BrowserOrt, device: 'cpu' | 'webgpu' = 'cpu'): Promise<Runtime> {
  return probeRuntime({
    InferenceSession: ort.InferenceSession,
    Tensor: ort.Tensor,
    device,
    sessionOptions: { executionProviders: [device === 'cpu' ? 'wasm' : device], logSeverityLevel: 4 },
  });
}
