import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erodeBits, invertBits, packBits, unpackBits } from '../../src/imaging/bit-rows.js';
import { dilateDisk, distanceTransform, erodeDisk, maskWhere } from '../../src/imaging/index.js';

/** Masks wider than a word. */
const anyWideMask = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      data: fc
        .array(fc.constantFrom(0, 1, 1, 1, 1, 1), { minLength: width * height, maxLength: width * height })
        .map((values) => Uint8Array.from(values)),
    }),
  );

test('packing and unpacking give the mask back; inverted twice too', () => {
  fc.assert(
    fc.property(anyWideMask, ({ data, width, height }) => {
      const bits = packBits(data, width, height);
      expect(unpackBits(bits)).toEqual(data);
      expect(unpackBits(invertBits(bits), true)).toEqual(data);
      expect(invertBits(bits).words).toEqual(packBits(data, width, height, true).words);
    }),
  );
});

test('a disk laid on bit by bit erodes and dilates as the distance transform does', () => {
  // Radii whose squares no two whole numbers' squares add up to: nothing lies on the circle.
  const radius = fc.constantFrom(0, 0.7, 1.3, 1.7, 2.5, 3.1, 4.3, 7.9, 15.9);
  fc.assert(
    fc.property(anyWideMask, radius, ({ data, width, height }, radiusPx) => {
      const inside = distanceTransform(data, width, height);
      const eroded = maskWhere(data.length, (i) => inside[i] > radiusPx);
      expect(erodeDisk(data, width, height, radiusPx)).toEqual(eroded);
      const inverse = maskWhere(data.length, (i) => data[i] === 0);
      const outside = distanceTransform(inverse, width, height);
      const dilated = maskWhere(data.length, (i) => outside[i] <= radiusPx);
      expect(dilateDisk(data, width, height, radiusPx)).toEqual(dilated);
    }),
  );
});

test('the bits beyond the width are set, whatever was done', () => {
  const bits = packBits(new Uint8Array(33), 33, 1);
  expect([...bits.words]).toEqual([0, -2]);
  expect([...invertBits(erodeBits(bits, 1)).words]).toEqual([-1, -1]);
});
