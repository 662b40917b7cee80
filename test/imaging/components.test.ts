import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelComponents } from '../../src/imaging/index.js';
import { anyMask, mask, picture } from './helpers.js';

test('numbers follow the raster order of first pixels; corners join at 8, not at 4', () => {
  const { data, width, height } = mask(
    '..#.#', //
    '##.#.',
    '.....',
    '#...#',
  );
  expect(picture(labelComponents(data, width, height))).toEqual(['..1.1', '11.1.', '.....', '2...3']);
  expect(picture(labelComponents(data, width, height, 4))).toEqual(['..1.2', '33.4.', '.....', '5...6']);
});

test('arms that meet late get one number', () => {
  const { data, width, height } = mask('#.#.#', '#.#.#', '###.#', '..###');
  expect(picture(labelComponents(data, width, height, 4))).toEqual(['1.1.1', '1.1.1', '111.1', '..111']);
});

test('agrees with flood fill', () => {
  fc.assert(
    fc.property(anyMask, fc.constantFrom(4 as const, 8 as const), ({ data, width, height }, connectivity) => {
      expect([...labelComponents(data, width, height, connectivity).data]).toEqual(
        floodFill(data, width, height, connectivity),
      );
    }),
    { numRuns: 300 },
  );
});

function floodFill(data: Uint8Array, width: number, height: number, connectivity: 4 | 8): number[] {
  const out = new Array<number>(data.length).fill(0);
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || out[start] !== 0) continue;
    out[start] = ++count;
    const stack = [start];
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
          const x = (pixel % width) + dx;
          const y = Math.floor(pixel / width) + dy;
          const i = y * width + x;
          if (x < 0 || y < 0 || x >= width || y >= height || data[i] === 0 || out[i] !== 0) continue;
          out[i] = count;
          stack.push(i);
        }
      }
    }
  }
  return out;
}
