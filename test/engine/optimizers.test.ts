import { expect, test } from 'vitest';
import {
  adam,
  clipByNorm,
  compileGraph,
  createGraph,
  graphInput,
  type OptimizerStep,
  rmsprop,
  sgd,
  type Value,
} from '../../src/engine/index.js';
import { runtime } from './runtime.js';

const START = [1, -2, 0.5];
/** Gradients of three steps. */
const GRADIENTS = [
  [0.1, -0.2, 3],
  [0.3, 0.1, -1],
  [-0.5, 0, 2],
];

/** Runs three steps of an update in the graph. */
async function run(
  stateCount: number,
  build: (p: Value, g: Value, state: Value[], scalars: Value[]) => OptimizerStep,
  scalarsOf: (step: number) => number[],
): Promise<number[]> {
  const graph = createGraph();
  const p = graphInput(graph, 'p', [3]);
  const g = graphInput(graph, 'g', [3]);
  const states = Array.from({ length: stateCount }, (_, i) => graphInput(graph, `s${i}`, [3]));
  const scalars = scalarsOf(1).map((_, i) => graphInput(graph, `c${i}`, []));
  const step = build(p, g, states, scalars);
  const outputs: Record<string, Value> = { p2: step.parameters };
  step.state.forEach((value, i) => {
    outputs[`s${i}2`] = value;
  });
  const program = await compileGraph(runtime, graph, outputs);
  const feeds: Record<string, Float32Array> = { p: Float32Array.from(START) };
  for (let i = 0; i < stateCount; i++) feeds[`s${i}`] = new Float32Array(3);
  for (const [index, gradient] of GRADIENTS.entries()) {
    feeds.g = Float32Array.from(gradient);
    scalarsOf(index + 1).forEach((number, i) => {
      feeds[`c${i}`] = Float32Array.of(number);
    });
    const result = await program.run(feeds);
    feeds.p = result.p2;
    for (let i = 0; i < stateCount; i++) feeds[`s${i}`] = result[`s${i}2`];
  }
  return [...feeds.p];
}

/** The same three steps in double precision, one parameter at a time. */
function byHand(update: (p: number, g: number, memory: number[], step: number) => number): number[] {
  return START.map((start, k) => {
    const memory = [0, 0];
    return GRADIENTS.reduce((p, gradient, index) => update(p, gradient[k], memory, index + 1), start);
  });
}

function expectClose(found: number[], expected: number[]): void {
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5);
  });
}

test('adam follows the paper', async () => {
  const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-4 };
  const found = await run(
    2,
    (p, g, [m, v], [rate, c1, c2]) => adam(p, g, [m, v], rate, c1, c2, options),
    (t) => [0.1, 1 - 0.9 ** t, 1 - 0.99 ** t],
  );
  const expected = byHand((p, g, memory, t) => {
    memory[0] = 0.9 * memory[0] + 0.1 * g;
    memory[1] = 0.99 * memory[1] + 0.01 * g * g;
    const m = memory[0] / (1 - 0.9 ** t);
    const v = memory[1] / (1 - 0.99 ** t);
    return p - (0.1 * m) / (Math.sqrt(v) + 1e-4);
  });
  expectClose(found, expected);
});

test.each([false, true])('sgd with momentum, nesterov %s', async (nesterov) => {
  const found = await run(
    1,
    (p, g, [v], [rate]) => sgd(p, g, [v], rate, { momentum: 0.8, nesterov }),
    () => [0.1],
  );
  const expected = byHand((p, g, memory) => {
    memory[0] = 0.8 * memory[0] + g;
    return p - 0.1 * (nesterov ? g + 0.8 * memory[0] : memory[0]);
  });
  expectClose(found, expected);
});

test('rmsprop divides by the root of the mean square', async () => {
  const found = await run(
    1,
    (p, g, [s], [rate]) => rmsprop(p, g, [s], rate, { decay: 0.9, epsilon: 1e-3 }),
    () => [0.1],
  );
  const expected = byHand((p, g, memory) => {
    memory[0] = 0.9 * memory[0] + 0.1 * g * g;
    return p - (0.1 * g) / (Math.sqrt(memory[0]) + 1e-3);
  });
  expectClose(found, expected);
});

test('clipByNorm shortens long gradients and leaves short ones', async () => {
  const graph = createGraph();
  const g = graphInput(graph, 'g', [2]);
  const program = await compileGraph(runtime, graph, { long: clipByNorm(g, 1), short: clipByNorm(g, 10) });
  const { long, short } = await program.run({ g: Float32Array.of(3, 4) });
  expectClose([...long], [0.6, 0.8]);
  expect([...short]).toEqual([3, 4]);
});
