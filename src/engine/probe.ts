import { ModelError } from '../common/index.js';
import { relu } from './activations.js';
import { createGraph, emit, graphInput } from './graph.js';
import { compileGraph } from './program.js';
import type { Runtime } from './runtime.js';

/**
 * A runtime made ready: a device other than the CPU is tried with a graph of one operator, so that its absence is known
 * here and not in the middle of the work, and what it can do is found out.
 * @throws ModelError `device-absent` if this runtime or this machine does not have the device
 */
export async function probeRuntime(parts: Omit<Runtime, 'blockSize' | 'fillsOutputs'>): Promise<Runtime> {
  const runtime: Runtime = { ...parts, blockSize: 0, fillsOutputs: false };
  if (runtime.device !== 'cpu') await tryDevice(runtime);
  return {
    ...runtime,
    blockSize: await findBlockSize(runtime),
    fillsOutputs: await findFillsOutputs({ ...runtime, fillsOutputs: true }),
  };
}

async function findFillsOutputs(runtime: Runtime): Promise<boolean> {
  const graph = createGraph();
  const program = await compileGraph(runtime, graph, { y: relu(graphInput(graph, 'x', [1])) });
  const given = new Float32Array(1);
  await program.run({ x: Float32Array.of(1) }, { y: given });
  await program.release();
  return given[0] === 1;
}

async function tryDevice(runtime: Runtime): Promise<void> {
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

/**
 * Channels in a block of the runtime's blocked layout on this machine (16 with AVX-512, 8 with AVX2), found by looking
 * at how it lays out known numbers; 0 where it has no such layout.
 */
async function findBlockSize(runtime: Runtime): Promise<number> {
  if (runtime.device !== 'cpu') return 0;
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 64, 1, 2]);
  const y = emit(graph, 'ReorderInput', [x], { shape: x.shape }, {}, 'com.microsoft.nchwc');
  const program = await compileGraph(runtime, graph, { y }).catch(() => null);
  // Runtimes without the layout do not know the operator.
  if (!program) return 0;
  const numbers = Float32Array.from({ length: 128 }, (_, i) => i % 2);
  const blocked = (await program.run({ x: numbers })).y;
  await program.release();
  // The first pixel of each channel is 0, the second 1: a block's zeros come first.
  const size = blocked.indexOf(1);
  return size > 1 ? size : 0;
}
