import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import {
  compileGraph,
  conv2d,
  createGraph,
  gradients,
  graphInput,
  mul,
  type Padding,
  sizeOf,
  sum,
} from '../../src/engine/index.js';
import { runtime } from './runtime.js';

const BLOCK = runtime.blockSize;
if (BLOCK === 0) console.warn('skipped: this processor has no blocked layout in ONNX Runtime');

interface Case {
  readonly input: readonly number[];
  readonly filters: readonly number[];
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
  readonly groups: number;
}

/** Result and gradients of sum(r conv2d(x, w, b)) for the same numbers, in the layout that the graph chooses. */
async function convolve(blockSize: number, { input, filters, ...options }: Case) {
  const graph = createGraph({ blockSize });
  const x = graphInput(graph, 'x', input);
  const w = graphInput(graph, 'w', filters);
  const b = graphInput(graph, 'b', [filters[0]]);
  const y = conv2d(x, w, b, options);
  const r = graphInput(graph, 'r', y.shape);
  const [dx, dw, db] = gradients(sum(mul(y, r)), [x, w, b]);
  const program = await compileGraph(runtime, graph, { y, dx, dw, db });
  const random = createRandom(3);
  const feeds = Object.fromEntries(
    [x, w, b, r].map(({ name, shape }) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    ]),
  );
  const results = await program.run(feeds);
  await program.release();
  return { results, operators: graph.nodes.map(({ op }) => op) };
}

function relativeError(found: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < found.length; i++) {
    difference += (found[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

async function expectSame(one: Case): Promise<string[]> {
  const blocked = await convolve(BLOCK, one);
  const plain = await convolve(0, one);
  for (const [name, expected] of Object.entries(plain.results)) {
    expect(blocked.results[name], name).toHaveLength(expected.length);
    expect(relativeError(blocked.results[name], expected), name).toBeLessThan(1e-5);
  }
  expect(plain.operators).not.toContain('ReorderInput');
  return blocked.operators;
}

const small = (max: number) => fc.integer({ min: 1, max });

test.skipIf(BLOCK === 0)('convolutions in the blocked layout give what the plain ones give', async () => {
  const cases = fc.record({
    n: small(2),
    inBlocks: small(2),
    outBlocks: small(3),
    height: small(5),
    widthBlocks: small(2),
    kernel: fc.constantFrom([3, 3], [1, 9], [5, 3]),
    stride: small(2),
    dilation: small(2),
    padding: fc.constantFrom<Padding>('same', [4, 2]),
  });
  await fc.assert(
    fc.asyncProperty(
      cases,
      async ({ n, inBlocks, outBlocks, height, widthBlocks, kernel, stride, dilation, padding }) => {
        const operators = await expectSame({
          input: [n, inBlocks * BLOCK, height + 8, widthBlocks * BLOCK],
          filters: [outBlocks * BLOCK, inBlocks * BLOCK, ...kernel],
          stride,
          dilation: kernel[1] === 9 ? 1 : dilation,
          padding,
          groups: 1,
        });
        expect(operators).toContain('ReorderInput');
      },
    ),
    { numRuns: 12 },
  );
});

test.skipIf(BLOCK === 0)('filters of 3 channels: their gradient takes the blocked way alone', async () => {
  const operators = await expectSame({
    input: [2, 3, 12, 2 * BLOCK],
    filters: [2 * BLOCK, 3, 3, 3],
    stride: 1,
    dilation: 1,
    padding: 'same',
    groups: 1,
  });
  expect(operators.filter((op) => op === 'ReorderInput')).toHaveLength(1);
  expect(operators).not.toContain('FusedMatMul');
});

test.skipIf(BLOCK === 0)('images wider than a strip fall into strips of rows', async () => {
  const operators = await expectSame({
    input: [1, BLOCK, 6, 1024],
    filters: [BLOCK, BLOCK, 3, 3],
    stride: 1,
    dilation: 1,
    padding: 'same',
    groups: 1,
  });
  expect(operators).toContain('Gather');
});

test.skipIf(BLOCK === 0)('depthwise convolutions', async () => {
  const operators = await expectSame({
    input: [2, 2 * BLOCK, 7, 9],
    filters: [2 * BLOCK, 1, 3, 3],
    stride: 1,
    dilation: 1,
    padding: 'same',
    groups: 2 * BLOCK,
  });
  expect(operators.filter((op) => op === 'ReorderOutput')).toHaveLength(2);
});

test('channels that fill no block, grouped and small filters keep the plain layout', async () => {
  const graph = createGraph({ blockSize: 16 });
  const wide = graphInput(graph, 'wide', [1, 32, 8, 8]);
  const odd = graphInput(graph, 'odd', [1, 15, 8, 8]);
  const weights = (name: string, shape: number[]) => graphInput(graph, name, shape);
  conv2d(odd, weights('a', [16, 15, 3, 3]), null);
  conv2d(wide, weights('b', [15, 32, 3, 3]), null);
  conv2d(wide, weights('c', [32, 16, 3, 3]), null, { groups: 2 });
  conv2d(wide, weights('d', [32, 32, 1, 1]), null);
  expect(graph.nodes.map(({ op }) => op)).toEqual(['Conv', 'Conv', 'Conv', 'Conv']);
});
