import fc from 'fast-check';

/** A mask row by row, for tests that recompute by looking at every pixel. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Reads rows drawn with `#` for set pixels. */
export function drawn(...rows: string[]): Mask {
  const width = rows[0].length;
  return {
    width,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0)),
  };
}

const sizes = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 12 }) });

function bits(length: number): fc.Arbitrary<Uint8Array> {
  // Some masks are mostly empty or full, so that long runs over several columns occur.
  const setTenths = fc.constantFrom(2, 5, 8);
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
  return fc
    .tuple(setTenths, values)
    .map(([tenths, drawn]) => Uint8Array.from(drawn, (v) => (v < tenths ? 1 : 0)));
}

/** Random masks, wider than one block of encodeLabelImage at times. */
export const masks: fc.Arbitrary<Mask> = sizes.chain(({ width, height }) =>
  bits(width * height).map((data) => ({ width, height, data })),
);

/** Two random masks of one size. */
export const maskPairs: fc.Arbitrary<[Mask, Mask]> = sizes.chain(({ width, height }) =>
  fc.tuple(bits(width * height), bits(width * height)).map(([a, b]): [Mask, Mask] => [
    { width, height, data: a },
    { width, height, data: b },
  ]),
);
