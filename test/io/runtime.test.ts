import { expect, test } from 'vitest';
import { ModelError } from '../../src/common/index.js';
import { compileGraph, createGraph, graphInput, relu } from '../../src/engine/index.js';
import { loadRuntime } from '../../src/io/index.js';

test('the CPU is always there', async () => {
  const runtime = await loadRuntime();
  const graph = createGraph();
  const program = await compileGraph(runtime, graph, { y: relu(graphInput(graph, 'x', [2])) });
  expect(await program.run({ x: Float32Array.of(-1, 2) })).toEqual({ y: Float32Array.of(0, 2) });
  await program.release();
});

test('a device that is not there is one clear error', async (context) => {
  try {
    await loadRuntime({ device: 'cuda' });
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: 'device-absent' });
    expect(String(error)).toContain('device cuda is not available on this machine; use cpu');
    return;
  }
  context.skip('this machine has CUDA');
});
