import { InputError } from '../common/index.js';
import { type FloatPlane, fullScale, type LabelImage, type Plane } from './plane.js';

/** For each output position the input positions it is a weighted mean of: `offsets[i]` to `offsets[i + 1]`. */
interface Taps {
  offsets: Int32Array;
  first: Int32Array;
  weights: Float64Array;
}

/** Size in whole pixels, at least 1 x 1, of an image that is drawn `scale` times as large. */
export function scaledSize(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): { width: number; height: number } {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The plane at another size, as floats in [0, 1] of its full scale. Along an axis that shrinks each output pixel is the
 * mean of the input it covers (box filter, fractional overlaps weighted); along one that grows, linear interpolation
 * between pixel centres. Both treat pixels as unit squares, so the image does not shift. A constant stays constant.
 * @throws InputError `size-invalid`
 */
export function resizeArea(plane: Plane, width: number, height: number): FloatPlane {
  checkSize(width, height);
  const scale = 1 / fullScale(plane);
  if (plane.width % width === 0 && plane.height % height === 0) {
    return { width, height, bitDepth: 32, data: meanBlocks(plane, width, height, scale) };
  }
  const across = axisTaps(plane.width, width);
  const down = axisTaps(plane.height, height);
  const out = new Float32Array(width * height);
  // Rows of input, already resized across, are kept only while an output row needs them.
  const kept = new Map<number, Float32Array>();
  for (let y = 0; y < height; y++) {
    const begin = down.offsets[y];
    const first = down.first[y];
    for (const key of kept.keys()) if (key < first) kept.delete(key);
    const target = out.subarray(y * width, (y + 1) * width);
    for (let k = begin; k < down.offsets[y + 1]; k++) {
      const sourceY = first + k - begin;
      let row = kept.get(sourceY);
      if (!row) {
        row = resizeRow(plane, sourceY, across, width, scale);
        kept.set(sourceY, row);
      }
      const weight = down.weights[k];
      for (let x = 0; x < width; x++) target[x] += weight * row[x];
    }
  }
  return { width, height, bitDepth: 32, data: out };
}

/** The usual case without weights: each output pixel is the mean of a block of whole pixels. */
function meanBlocks({ width, data }: Plane, columns: number, rows: number, scale: number): Float32Array {
  const blockWidth = width / columns;
  const blockHeight = data.length / width / rows;
  const factor = scale / (blockWidth * blockHeight);
  const sums = new Float64Array(columns);
  const out = new Float32Array(columns * rows);
  for (let row = 0, pixel = 0; row < rows; row++) {
    sums.fill(0);
    for (let y = 0; y < blockHeight; y++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (const end = pixel + blockWidth; pixel < end; pixel++) sum += data[pixel];
        sums[column] += sum;
      }
    }
    for (let column = 0; column < columns; column++) out[row * columns + column] = sums[column] * factor;
  }
  return out;
}

/**
 * The label image at another size: each output pixel takes the label of the input pixel under its centre.
 * @throws InputError `size-invalid`
 */
export function resizeLabels(labels: LabelImage, width: number, height: number): LabelImage {
  checkSize(width, height);
  const columns = Int32Array.from({ length: width }, (_, x) =>
    Math.floor(((x + 0.5) * labels.width) / width),
  );
  const out = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    const source = Math.floor(((y + 0.5) * labels.height) / height) * labels.width;
    const target = y * width;
    for (let x = 0; x < width; x++) out[target + x] = labels.data[source + columns[x]];
  }
  return { width, height, data: out };
}

function checkSize(width: number, height: number): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) return;
  throw new InputError(
    'size-invalid',
    `resize: size ${width}x${height}, expected whole numbers of at least 1`,
  );
}

function resizeRow(plane: Plane, y: number, taps: Taps, width: number, scale: number): Float32Array {
  const { data } = plane;
  const { offsets, first, weights } = taps;
  const row = new Float32Array(width);
  const base = y * plane.width;
  for (let x = 0; x < width; x++) {
    const begin = offsets[x];
    const end = offsets[x + 1];
    const source = base + first[x] - begin;
    let sum = 0;
    for (let k = begin; k < end; k++) sum += weights[k] * data[source + k];
    row[x] = sum * scale;
  }
  return row;
}

function axisTaps(from: number, to: number): Taps {
  const offsets = new Int32Array(to + 1);
  const first = new Int32Array(to);
  const weights: number[] = [];
  for (let i = 0; i < to; i++) {
    if (to < from) {
      // Products before quotients: whole-number borders come out exact, without slivers of a neighbour.
      const begin = (i * from) / to;
      const end = ((i + 1) * from) / to;
      first[i] = Math.floor(begin);
      for (let k = first[i]; k < end; k++) {
        weights.push((Math.min(end, k + 1) - Math.max(begin, k)) / (end - begin));
      }
    } else {
      const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
      first[i] = Math.floor(centre);
      const share = centre - first[i];
      weights.push(1 - share);
      if (share > 0) weights.push(share);
    }
    offsets[i + 1] = weights.length;
  }
  return { offsets, first, weights: Float64Array.from(weights) };
}
