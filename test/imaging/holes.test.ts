import { expect, test } from 'vitest';
import { fillHoles } from '../../src/imaging/index.js';
import { mask, picture } from './helpers.js';

const ring = mask(
  '######', //
  '#.##.#',
  '####.#',
  '#####.',
);

test('enclosed background is filled, a corner does not open it, the border does', () => {
  const filled = fillHoles(ring.data, ring.width, ring.height);
  expect(picture({ width: ring.width, data: filled })).toEqual(['111111', '111111', '111111', '11111.']);
});

test('holes above the given area stay', () => {
  const filled = fillHoles(ring.data, ring.width, ring.height, 1);
  expect(picture({ width: ring.width, data: filled })).toEqual(['111111', '1111.1', '1111.1', '11111.']);
});
