import { createGraph, emit, graphInput } from './graph.js';
import { compileGraph } from './program.js';
import type { Runtime } from './runtime.js';

/**
 * Channels in a block of the runtime's blocked layout on this machine (16 with AVX-512, 8 with AVX2), found by looking
 * at how it lays out known numbers; 0 where it has no such layout.
 */
export async function detectBlockSize(runtime: Omit<Runtime, 'blockSize'>): Promise<number> {
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
