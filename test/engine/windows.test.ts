import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  averagePool,
  compileGraph,
  conv2d,
  createGraph,
  globalAveragePool,
  gradients,
  graphInput,
  maxPool,
  mul,
  type Padding,
  sum,
  type Value,
} from '../../src/engine/index.js';
import { type CheckOptions, gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const size = (max: number) => fc.integer({ min: 1, max });
const padding = fc.oneof(
  fc.constantFrom<Padding>('same', 'valid', 1),
  fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
);
/** Distinct numbers, well apart: no two change order within a central difference. */
const distinct: CheckOptions['fill'] = (_, __, position) => ((position * 37) % 101) * 0.1 - 5;

test('gradients of conv2d agree with central differences', async () => {
  const dims = fc.record({
    n: size(2),
    groups: size(2),
    perGroup: size(2),
    featuresPerGroup: size(2),
    kernel: fc.tuple(size(3), size(3)),
    stride: fc.tuple(size(2), size(3)),
    dilation: fc.tuple(size(2), size(2)),
    extra: fc.tuple(fc.nat(3), fc.nat(3)),
    padding,
    hasBias: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      dims,
      async ({ n, groups, perGroup, featuresPerGroup, kernel, extra, hasBias, ...options }) => {
        const extent = [0, 1].map((axis) => (kernel[axis] - 1) * options.dilation[axis] + 1 + extra[axis]);
        const shapes = [
          [n, groups * perGroup, ...extent],
          [groups * featuresPerGroup, perGroup, ...kernel],
          ...(hasBias ? [[groups * featuresPerGroup]] : []),
        ];
        const build = ([x, w, b]: Value[]) => conv2d(x, w, b ?? null, { ...options, groups });
        // Linear in each operand: a wide difference has no error but rounding.
        expect(await gradientError(runtime, shapes, build, { epsilon: 0.25 })).toBeLessThan(TOLERANCE);
      },
    ),
    { numRuns: 25 },
  );
});

const pooling = fc
  .record({
    n: size(2),
    channels: size(2),
    kernel: fc.tuple(size(3), size(3)),
    stride: fc.tuple(size(3), size(3)),
    extra: fc.tuple(fc.nat(4), fc.nat(4)),
    padding: fc.constantFrom<Padding>('same', 'valid'),
  })
  .map(({ n, channels, kernel, extra, ...options }) => ({
    shape: [n, channels, kernel[0] + extra[0], kernel[1] + extra[1]],
    kernel,
    options,
  }));

test('gradient of maxPool over windows that tile the image agrees with central differences', async () => {
  const dims = fc.record({ kernel: fc.tuple(size(3), size(3)), out: fc.tuple(size(3), size(34)) });
  await fc.assert(
    fc.asyncProperty(dims, async ({ kernel, out }) => {
      const shape = [1, 2, kernel[0] * out[0], kernel[1] * out[1]];
      const build = ([x]: Value[]) => maxPool(x, kernel);
      expect(await gradientError(runtime, [shape], build, { fill: distinct })).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 10 },
  );
});

test('gradient of maxPool agrees with central differences, overlapping windows or not', async () => {
  await fc.assert(
    fc.asyncProperty(pooling, async ({ shape, kernel, options }) => {
      const build = ([x]: Value[]) => maxPool(x, kernel, options);
      expect(await gradientError(runtime, [shape], build, { fill: distinct })).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 20 },
  );
});

test('gradient of averagePool agrees with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(pooling, async ({ shape, kernel, options }) => {
      const build = ([x]: Value[]) => averagePool(x, kernel, options);
      expect(await gradientError(runtime, [shape], build, { epsilon: 0.25 })).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 20 },
  );
});

test('gradient of globalAveragePool agrees with central differences', async () => {
  expect(await gradientError(runtime, [[2, 3, 4, 5]], ([x]) => globalAveragePool(x))).toBeLessThan(TOLERANCE);
});

test.each([
  { windows: 'tile the image', stride: 2, slope: [0, 10, 1, 1, 0, 0, 1, 1] },
  { windows: 'overlap', stride: 1, slope: [0, 20, 1, 1, 0, 0, 1, 1] },
])(
  'maxPool gives the largest of each window; equal elements share the gradient where windows $windows',
  async ({ stride, slope }) => {
    const graph = createGraph();
    const x = graphInput(graph, 'x', [1, 1, 2, 4]);
    const y = maxPool(x, 2, { stride });
    const program = await compileGraph(runtime, graph, { y, slope: gradients(sum(mul(y, y)), [x])[0] });
    const result = await program.run({ x: Float32Array.of(1, 5, 2, 2, 3, 4, 2, 2) });
    expect([...result.y]).toEqual(stride === 2 ? [5, 2] : [5, 5, 2]);
    expect([...result.slope]).toEqual(slope);
  },
);

test('conv2d correlates: filters are not turned', async () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 1, 1, 4]);
  const w = graphInput(graph, 'w', [1, 1, 1, 2]);
  const program = await compileGraph(runtime, graph, { y: conv2d(x, w, null) });
  const { y } = await program.run({ x: Float32Array.of(1, 2, 3, 4), w: Float32Array.of(10, 1) });
  expect([...y]).toEqual([12, 23, 34]);
});

test('same padding halves odd and even sizes upwards, an odd remainder at the bottom and right', () => {
  const graph = createGraph();
  const w = graphInput(graph, 'w', [1, 1, 3, 3]);
  const odd = graphInput(graph, 'odd', [1, 1, 7, 8]);
  expect(conv2d(odd, w, null, { stride: 2, padding: 'same' }).shape).toEqual([1, 1, 4, 4]);
});

test('wrong shapes are refused while the graph is built, with both sides named', () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 3, 8, 8]);
  const w = graphInput(graph, 'w', [5, 4, 3, 3]);
  const big = graphInput(graph, 'big', [5, 3, 9, 9]);
  expect(() => conv2d(x, w, null)).toThrow('conv2d: filters expect 4 input channels, input has 3');
  expect(() => conv2d(x, big, null)).toThrow('conv2d: a window of 9x9 does not fit an input of [1, 3, 8, 8]');
  expect(() => conv2d(x, w, null, { groups: 0 })).toThrow('groups must be an integer of at least 1, got 0');
  expect(() => maxPool(x, 0)).toThrow('maxPool: kernel must be an integer of at least 1, got 0');
});
