/** Stands for "no background in this column": squared it must stay far from losing whole numbers in a double. */
const NOWHERE = 1 << 24;

/**
 * Exact Euclidean distance, in pixels, from each set pixel's centre to the nearest background pixel's centre; 0 on
 * background. The image's border is not background. Without any background pixel, Infinity everywhere.
 * Method: distances down the columns, then the lower envelope of parabolas along each row
 * (Felzenszwalb & Huttenlocher 2012, section 2).
 * @param mask width x height, 0 = background
 */
export function distanceTransform(mask: Uint8Array, width: number, height: number): Float32Array {
  const out = columnDistances(mask, width, height);
  const sites = new Int32Array(width);
  const values = new Float64Array(width);
  const borders = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const row = out.subarray(y * width, (y + 1) * width);
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (row[x] >= NOWHERE) continue;
      const value = row[x] * row[x] + x * x;
      let border = Number.NEGATIVE_INFINITY;
      while (last >= 0) {
        border = (value - values[last]) / (2 * (x - sites[last]));
        if (border > borders[last]) break;
        last--;
      }
      last++;
      sites[last] = x;
      values[last] = value;
      borders[last] = last === 0 ? Number.NEGATIVE_INFINITY : border;
    }
    if (last < 0) {
      row.fill(Number.POSITIVE_INFINITY);
      continue;
    }
    borders[last + 1] = Number.POSITIVE_INFINITY;
    for (let x = 0, k = 0; x < width; x++) {
      while (borders[k + 1] < x) k++;
      row[x] = Math.sqrt(values[k] - 2 * x * sites[k] + x * x);
    }
  }
  return out;
}

/** Distance to the nearest background pixel of the same column. */
function columnDistances(mask: Uint8Array, width: number, height: number): Float32Array {
  const out = new Float32Array(mask.length);
  const size = width * height;
  for (let i = 0; i < size; i++) {
    if (mask[i] !== 0) out[i] = i < width ? NOWHERE : Math.min(NOWHERE, out[i - width] + 1);
  }
  for (let i = size - width - 1; i >= 0; i--) {
    const next = out[i + width] + 1;
    if (next < out[i]) out[i] = next;
  }
  return out;
}
