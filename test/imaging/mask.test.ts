import { expect, test } from 'vitest';
import { maskWhere } from '../../src/imaging/index.js';

test('1 where the pixel passes, 0 elsewhere', () => {
  expect([...maskWhere(5, (pixel) => pixel % 2 === 1)]).toEqual([0, 1, 0, 1, 0]);
});
