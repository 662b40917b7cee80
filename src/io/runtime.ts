/** The ONNX runtime of Node, handed to the layers that know no platform. */
import { type Device, probeRuntime, type Runtime } from '../engine/index.js';

export interface RuntimeOptions {
  /** @default 'cpu' */
  readonly device?: Device;
  /** CPU threads; as many as there are cores where absent. */
  readonly threads?: number;
}

/**
 * The ONNX runtime of Node with the device it shall use.
 * @throws ModelError `device-absent` if this runtime or this machine does not have the device
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const device = options.device ?? 'cpu';
  const ort = await import('onnxruntime-node');
  // Failures come as exceptions; the library would print them a second time.
  ort.env.logLevel = 'fatal';
  return probeRuntime({
    InferenceSession: ort.InferenceSession,
    Tensor: ort.Tensor,
    device,
    sessionOptions: {
      executionProviders: [device],
      logSeverityLevel: 4,
      // Planning one slab for all values of a run takes a third more memory and is no faster once the arena is full.
      enableMemPattern: false,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    },
  });
}
