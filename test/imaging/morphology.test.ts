import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeDisk, dilateDisk, erodeDisk, openDisk } from '../../src/imaging/index.js';
import { anyMask, mask, picture } from './helpers.js';

test('dilation by 1 gives a cross, by 1.5 a square; erosion takes them back', () => {
  const { data, width, height } = mask('.....', '.....', '..#..', '.....', '.....');
  const cross = dilateDisk(data, width, height, 1);
  expect(picture({ width, data: cross })).toEqual(['.....', '..1..', '.111.', '..1..', '.....']);
  const square = dilateDisk(data, width, height, 1.5);
  expect(picture({ width, data: square })).toEqual(['.....', '.111.', '.111.', '.111.', '.....']);
  expect([...erodeDisk(cross, width, height, 1)]).toEqual([...data]);
  expect([...erodeDisk(square, width, height, 1.5)]).toEqual([...data]);
});

test('opening removes a thin arm, closing a thin gap', () => {
  const arm = mask(
    '###....', //
    '###....',
    '#######',
    '###....',
    '###....',
  );
  const body = ['111....', '111....', '1111...', '111....', '111....'];
  expect(picture({ width: 7, data: openDisk(arm.data, 7, 5, 1) })).toEqual(body);
  const gap = mask('##.##', '##.##', '##.##');
  expect(picture({ width: 5, data: closeDisk(gap.data, 5, 3, 1) })).toEqual(['11111', '11111', '11111']);
});

test('opening shrinks, closing grows, and doing either twice changes nothing more', () => {
  const radius = fc.double({ min: 0, max: 4, noNaN: true });
  fc.assert(
    fc.property(anyMask, radius, ({ data, width, height }, radiusPx) => {
      const opened = openDisk(data, width, height, radiusPx);
      const closed = closeDisk(data, width, height, radiusPx);
      data.forEach((v, i) => {
        expect(opened[i]).toBeLessThanOrEqual(v);
        expect(closed[i]).toBeGreaterThanOrEqual(v);
      });
      expect(openDisk(opened, width, height, radiusPx)).toEqual(opened);
      expect(closeDisk(closed, width, height, radiusPx)).toEqual(closed);
    }),
  );
});
