import { ModelError } from '../common/index.js';
import type { Device, Runtime } from '../engine/index.js';

export interface RuntimeOptions {
  /** @default 'cpu' */
  readonly device?: Device;
  /** CPU threads; as many as there are cores where absent. */
  readonly threads?: number;
}

/**
 * The ONNX runtime of Node with the device it shall use.
 * @throws ModelError `device-absent` if this build of the runtime does not have it
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const device = options.device ?? 'cpu';
  const ort = await import('onnxruntime-node');
  const present = ort.listSupportedBackends().map(({ name }) => name);
  if (!present.includes(device)) {
    throw new ModelError(
      'device-absent',
      `device ${device} is not available: this ONNX runtime offers ${present.join(', ')}`,
    );
  }
  return {
    InferenceSession: ort.InferenceSession,
    Tensor: ort.Tensor,
    device,
    sessionOptions: {
      executionProviders: [device],
      logSeverityLevel: 3,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    },
  };
}
