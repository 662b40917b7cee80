import { expect, test } from 'vitest';
import { createGraph, graphInput, mul, serializeGraph } from '../../src/engine/index.js';
import { loadRuntime } from '../../src/io/index.js';
import { loadHpaNetwork } from '../../src/networks/index.js';
import { exampleSegmenter } from './example-segmenter.js';

const runtime = await loadRuntime();

/** A network that gives its input times ten: what it was given can be read off. */
function timesTen(): Uint8Array {
  const graph = createGraph();
  const free = { 0: 'batch', 2: 'height', 3: 'width' };
  const x = graphInput(graph, 'x', [1, 3, 4, 4], { freeAxes: free });
  return serializeGraph(graph, { name: 'ten', outputs: { y: { value: mul(x, 10), freeAxes: free } } });
}

test("the encoder's normalisation, reflected padding, and a softmax where the file has none", async () => {
  const network = await loadHpaNetwork(runtime, timesTen());
  const plane = (value: number) => ({
    width: 40,
    height: 20,
    bitDepth: 32 as const,
    data: new Float32Array(800).fill(value),
  });
  const { border, body } = await network.run([plane(0.48627), plane(0.45882 + 0.0469648), plane(0.40784)]);
  expect([body.width, body.height]).toEqual([40, 20]);
  // Logits 0, 2 and 0.
  const sum = 2 + Math.E ** 2;
  expect(border.data[0]).toBeCloseTo(Math.E ** 2 / sum, 4);
  expect(body.data[799]).toBeCloseTo(1 / sum, 4);
  await network.release();
});

test('a network of other planes is refused', async () => {
  await expect(loadHpaNetwork(runtime, exampleSegmenter('nuclei_unet'))).rejects.toMatchObject({
    code: 'model-shape',
  });
});
