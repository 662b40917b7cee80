/** Masks as bits, 32 pixels a word, for work on many pixels at once. */
export interface BitRows {
  readonly width: number;
  readonly height: number;
  /** Words of a row; the lowest bit is the leftmost pixel, bits beyond the width are set. */
  readonly rowWords: number;
  readonly words: Int32Array;
}

/** The mask's pixels that are set (or, `inverted`, those that are not). */
export function packBits(mask: Uint8Array, width: number, height: number, inverted = false): BitRows {
  const rowWords = Math.ceil(width / 32);
  const words = new Int32Array(rowWords * height).fill(-1);
  for (let y = 0, i = 0; y < height; y++) {
    for (let start = 0, at = y * rowWords; start < width; start += 32, at++) {
      const end = Math.min(32, width - start);
      let unset = 0;
      for (let bit = 0; bit < end; bit++, i++) if ((mask[i] === 0) !== inverted) unset |= 1 << bit;
      words[at] = ~unset;
    }
  }
  return { width, height, rowWords, words };
}

/** The bits as a mask of 1 and 0. */
export function unpackBits({ width, height, rowWords, words }: BitRows, inverted = false): Uint8Array {
  const mask = new Uint8Array(width * height);
  const flip = inverted ? -1 : 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let start = 0, at = y * rowWords; start < width; start += 32, at++) {
      let word = words[at] ^ flip;
      const end = Math.min(32, width - start);
      for (let bit = 0; bit < end; bit++, word >>>= 1) mask[i++] = word & 1;
    }
  }
  return mask;
}

/** The same size, every bit flipped but those beyond the width. */
export function invertBits(bits: BitRows): BitRows {
  const { width, height, rowWords } = bits;
  const words = bits.words.map((word) => ~word);
  const rest = width % 32;
  if (rest > 0) for (let y = 1; y <= height; y++) words[y * rowWords - 1] |= -1 << rest;
  return { ...bits, words };
}

/**
 * Pixels whose whole disk (centres within `radiusPx`, below 32) is set; beyond the image everything counts as set. Each row of the
 * disk is a segment: its erosion along the rows is had from the next shorter one's, and all are combined down the columns.
 */
export function erodeBits(bits: BitRows, radiusPx: number): BitRows {
  const { height, rowWords, words } = bits;
  const radius = Math.floor(radiusPx);
  const eroded = new Int32Array(words.length).fill(-1);
  const along = words.slice();
  let half = 0;
  for (let dy = radius; dy >= 0; dy--) {
    const reach = Math.floor(Math.sqrt(radiusPx * radiusPx - dy * dy));
    while (half < reach) narrow(along, words, rowWords, ++half);
    for (let y = 0; y < height; y++) {
      const target = y * rowWords;
      const above = y - dy;
      const below = y + dy;
      if (above >= 0) for (let k = 0; k < rowWords; k++) eroded[target + k] &= along[above * rowWords + k];
      if (dy > 0 && below < height)
        for (let k = 0; k < rowWords; k++) eroded[target + k] &= along[below * rowWords + k];
    }
  }
  return { ...bits, words: eroded };
}

/** Clears bits of `along` whose neighbour `distance` (1 to 31) to the left or right is not set in `words`. */
function narrow(along: Int32Array, words: Int32Array, rowWords: number, distance: number): void {
  const rest = 32 - distance;
  for (let at = 0; at < words.length; at++) {
    const column = at % rowWords;
    const word = words[at];
    const before = column > 0 ? words[at - 1] : -1;
    const after = column < rowWords - 1 ? words[at + 1] : -1;
    along[at] &= (word << distance) | (before >>> rest);
    along[at] &= (word >>> distance) | (after << rest);
  }
}
