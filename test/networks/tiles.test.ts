import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/index.js';
import type { FloatPlane } from '../../src/imaging/index.js';
import { runTiled, type TileNetwork } from '../../src/networks/index.js';

const REACH = 2;

function noise(width: number, height: number): FloatPlane {
  const random = createRandom(1);
  return {
    width,
    height,
    bitDepth: 32,
    data: Float32Array.from({ length: width * height }, () => random.uniform()),
  };
}

/** Stands for a network of reach 2: sums what lies so near, 0 beyond the tile; counts calls and sizes. */
function boxSum(sizes: string[] = []): TileNetwork {
  return async (input, width, height) => {
    sizes.push(`${width}x${height}`);
    const out = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let dy = -REACH; dy <= REACH; dy++) {
          for (let dx = -REACH; dx <= REACH; dx++) {
            const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
            if (inside) out[y * width + x] += input[(y + dy) * width + x + dx];
          }
        }
      }
    }
    return out;
  };
}

test('tiles with the true halo give what one piece gives, whatever their size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 40, max: 70 }),
      async (width, height, tilePx) => {
        const plane = noise(width, height);
        const options = { outputs: 1, multiplePx: 4, haloPx: 4 };
        const [whole] = await runTiled(boxSum(), [plane], { ...options, tilePx: 1000 });
        const [tiled] = await runTiled(boxSum(), [plane], { ...options, tilePx });
        for (let i = 0; i < whole.data.length; i++) expect(tiled.data[i]).toBeCloseTo(whole.data[i], 4);
      },
    ),
    { numRuns: 20 },
  );
});

test('sizes given to the network are multiples, or least plus multiples, or always the one fixed size', async () => {
  const sizes: string[] = [];
  const options = { outputs: 1, multiplePx: 8, haloPx: 4, tilePx: 64 };
  await runTiled(boxSum(sizes), [noise(30, 9)], options);
  await runTiled(boxSum(sizes), [noise(30, 9)], { ...options, leastPx: 20 });
  await runTiled(boxSum(sizes), [noise(30, 9)], { ...options, multiplePx: 1, fixed: true });
  expect(sizes).toEqual(['32x16', '36x20', '64x64']);
});

test('what is added up to a multiple is the image mirrored', async () => {
  const seen: number[][] = [];
  const network: TileNetwork = async (input) => {
    seen.push([...input]);
    return input.slice();
  };
  const plane: FloatPlane = { width: 3, height: 1, bitDepth: 32, data: Float32Array.of(1, 2, 3) };
  const [same] = await runTiled(network, [plane], { outputs: 1, multiplePx: 4, haloPx: 0, tilePx: 64 });
  expect(seen[0].slice(0, 4)).toEqual([1, 2, 3, 3]);
  expect([...same.data]).toEqual([1, 2, 3]);
});
