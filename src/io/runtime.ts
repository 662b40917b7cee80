/** The ONNX runtime of Node, handed to the layers that know no platform. */
import { ModelError } from '../common/index.js';
import {
  compileGraph,
  createGraph,
  type Device,
  detectBlockSize,
  graphInput,
  type Runtime,
  relu,
} from '../engine/index.js';

export interface RuntimeOptions {
  /** @default 'cpu' */
  readonly device?: Device;
  /** CPU threads; as many as there are cores where absent. */
  readonly threads?: number;
}

/**
 * The ONNX runtime of Node with the device it shall use. A device other than the CPU is tried with a graph of one
 * operator, so that its absence is known here and not in the middle of the work.
 * @throws ModelError `device-absent` if this runtime or this machine does not have the device
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const device = options.device ?? 'cpu';
  const ort = await import('onnxruntime-node');
  // Failures come as exceptions; the library would print them a second time.
  ort.env.logLevel = 'fatal';
  const runtime = {
    InferenceSession: ort.InferenceSession,
    Tensor: ort.Tensor,
    device,
    sessionOptions: {
      executionProviders: [device],
      logSeverityLevel: 4 as const,
      // Planning one slab for all values of a run takes a third more memory and is no faster once the arena is full.
      enableMemPattern: false,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    },
  };
  if (device !== 'cpu') await tryDevice(runtime);
  return { ...runtime, blockSize: await detectBlockSize(runtime) };
}

async function tryDevice(runtime: Omit<Runtime, 'blockSize'>): Promise<void> {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1]);
  try {
    const program = await compileGraph(runtime, graph, { y: relu(x) });
    await program.run({ x: new Float32Array(1) });
    await program.release();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(
      'device-absent',
      `device ${runtime.device} is not available on this machine; use cpu. The ONNX runtime says: ${reason}`,
      { cause },
    );
  }
}
