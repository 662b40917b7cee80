import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileGraph,
  constant,
  convTranspose2d,
  createGraph,
  gather,
  graphInput,
  type Padding,
  resize,
  roiAlign,
  type Value,
} from '../../src/engine/index.js';
import { gradientError } from './gradient-check.js';
import { runtime } from './runtime.js';

const TOLERANCE = 1e-3;
const size = (max: number) => fc.integer({ min: 1, max });
/** Linear operators: a wide difference has no error but rounding. */
const linear = { epsilon: 0.25 };

test('gradients of convTranspose2d agree with central differences', async () => {
  const dims = fc.record({
    n: size(2),
    groups: size(2),
    perGroup: size(2),
    featuresPerGroup: size(2),
    kernel: fc.tuple(size(3), size(3)),
    stride: fc.tuple(size(3), size(2)),
    dilation: fc.tuple(size(2), size(2)),
    space: fc.tuple(size(3), size(3)),
    padding: fc.constantFrom<Padding>('same', 'valid', [0, 0, 0, 0]),
    hasBias: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      dims,
      async ({ n, groups, perGroup, featuresPerGroup, kernel, space, hasBias, ...options }) => {
        const features = groups * featuresPerGroup;
        const shapes = [
          [n, groups * perGroup, ...space],
          [groups * perGroup, featuresPerGroup, ...kernel],
          ...(hasBias ? [[features]] : []),
        ];
        const build = ([x, w, b]: Value[]) => convTranspose2d(x, w, b ?? null, { ...options, groups });
        expect(await gradientError(runtime, shapes, build, linear)).toBeLessThan(TOLERANCE);
      },
    ),
    { numRuns: 20 },
  );
});

test('convTranspose2d doubles an image, each pixel spread by the filter', async () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 1, 1, 2]);
  const w = graphInput(graph, 'w', [1, 1, 2, 2]);
  const y = convTranspose2d(x, w, null, { stride: 2 });
  expect(y.shape).toEqual([1, 1, 2, 4]);
  const program = await compileGraph(runtime, graph, { y });
  const result = await program.run({ x: Float32Array.of(1, 10), w: Float32Array.of(1, 2, 3, 4) });
  expect([...result.y]).toEqual([1, 2, 10, 20, 3, 4, 30, 40]);
  expect(convTranspose2d(x, w, null, { stride: 2, padding: 'same' }).shape).toEqual([1, 1, 2, 4]);
  expect(convTranspose2d(x, w, null, { stride: 2, outputPadding: 1 }).shape).toEqual([1, 1, 3, 5]);
  expect(() => convTranspose2d(x, w, null, { stride: 2, outputPadding: 2 })).toThrow(
    'output padding [2,2] must be less',
  );
  expect(() => convTranspose2d(graphInput(graph, 'three', [1, 3, 2, 2]), w, null)).toThrow(
    'convTranspose2d: filters expect 1 input channels, input has 3',
  );
});

test.each(['nearest', 'bilinear'] as const)(
  'gradient of %s resize agrees with central differences',
  async (mode) => {
    const factor = fc.constantFrom(1, 2, 3, 0.5, 1.5);
    await fc.assert(
      fc.asyncProperty(size(5), size(5), factor, factor, async (height, width, fy, fx) => {
        fc.pre(height * fy >= 1 && width * fx >= 1);
        const build = ([x]: Value[]) => resize(x, [fy, fx], mode);
        expect(await gradientError(runtime, [[2, 2, height, width]], build, linear)).toBeLessThan(TOLERANCE);
      }),
      { numRuns: 15 },
    );
  },
);

test('bilinear resize puts pixel centres at half positions', async () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 1, 1, 2]);
  const program = await compileGraph(runtime, graph, {
    y: resize(x, [1, 2], 'bilinear'),
    z: resize(x, [1, 2], 'nearest'),
  });
  const { y, z } = await program.run({ x: Float32Array.of(0, 4) });
  expect([...y]).toEqual([0, 1, 3, 4]);
  expect([...z]).toEqual([0, 0, 4, 4]);
  expect(() => resize(x, 0.5, 'nearest')).toThrow('resize: 1x2 times [0.5,0.5] leaves nothing');
});

test('gradient of gather adds up over repeated indices', async () => {
  await fc.assert(
    fc.asyncProperty(
      size(3),
      size(3),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
      fc.nat(1),
      async (n, m, picks, axis) => {
        const shape = axis === 0 ? [3, n, m] : [n, 3, m];
        const build = ([x]: Value[]) => gather(x, constant(x.graph, picks, [picks.length]), axis);
        expect(await gradientError(runtime, [shape], build, linear)).toBeLessThan(TOLERANCE);
      },
    ),
    { numRuns: 8 },
  );
});

test('gradient of roiAlign agrees with central differences, regions over the edge included', async () => {
  const regions = [1, 1, 5, 4, -2, -1, 2.5, 3, 3.3, 0.2, 9, 8, 0, 0, 6, 5];
  const images = [0, 1, 1, 0];
  for (const samples of [1, 2, 3]) {
    const build = ([x]: Value[]) => {
      const boxes = constant(x.graph, regions, [4, 4]);
      return roiAlign(x, boxes, constant(x.graph, images, [4]), { height: 2, width: 3, samples, scale: 0.9 });
    };
    expect(await gradientError(runtime, [[2, 2, 5, 6]], build, linear)).toBeLessThan(TOLERANCE);
  }
});

test('roiAlign of the whole image at its own size gives the image', async () => {
  const graph = createGraph();
  const x = graphInput(graph, 'x', [1, 1, 2, 3]);
  const whole = constant(graph, [0, 0, 3, 2], [1, 4]);
  const y = roiAlign(x, whole, constant(graph, [0], [1]), { height: 2, width: 3, samples: 1 });
  const program = await compileGraph(runtime, graph, { y });
  const result = await program.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) });
  expect([...result.y]).toEqual([1, 2, 3, 4, 5, 6]);
});
