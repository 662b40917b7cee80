import type { Box, FieldOfView, LabelImage, Plane, Segmentation } from '../imaging/index.js';
import { fullScale } from '../imaging/index.js';
import { measureLevels } from './levels.js';
import type { CropOptions, Masking } from './options.js';
import { cropWindow, type Taps, windowTaps } from './window.js';

/** What a crop needs to know of a cell: its number in the label image, and its box. */
export interface CellBox {
  readonly label: number;
  readonly box: Box;
}

/**
 * One cell cut out of a field and resized: channels x sizePx x sizePx values in [0, 1], channel by channel, row by row.
 * A channel that the field lacks (`er`), masked pixels and what lies beyond the field are 0.
 *
 * @param levels from `measureLevels`; measured here when not given, which costs more than the crop itself: for all cells
 *   of a field use `cutCrops`.
 * @throws InputError `labels-size-mismatch`
 */
export function cutCrop(
  field: FieldOfView,
  segmentation: Pick<Segmentation, 'cells'>,
  cell: CellBox,
  options: CropOptions,
  levels: Float64Array = measureLevels(field, segmentation.cells, options),
): Float32Array {
  const crop = new Float32Array(options.channels.length * options.sizePx ** 2);
  cutInto(crop, field, segmentation.cells, cell, options, levels);
  return crop;
}

/**
 * The crops of several cells of one field, one after the other: cells x channels x sizePx x sizePx.
 * @throws InputError `labels-size-mismatch`
 */
export function cutCrops(
  field: FieldOfView,
  segmentation: Pick<Segmentation, 'cells'>,
  cells: readonly CellBox[],
  options: CropOptions,
): Float32Array {
  const levels = measureLevels(field, segmentation.cells, options);
  const length = options.channels.length * options.sizePx ** 2;
  const crops = new Float32Array(cells.length * length);
  for (let i = 0; i < cells.length; i++) {
    const crop = crops.subarray(i * length, (i + 1) * length);
    cutInto(crop, field, segmentation.cells, cells[i], options, levels);
  }
  return crops;
}

function cutInto(
  crop: Float32Array,
  field: FieldOfView,
  cells: LabelImage,
  cell: CellBox,
  options: CropOptions,
  levels: Float64Array,
): void {
  const { sizePx, channels, masking, cleanProtein = false, normalisation } = options;
  const window = cropWindow(cell.box, field.pixelSizeUm, options);
  const across = windowTaps(window.left, window.width, sizePx, field.width);
  const down = windowTaps(window.top, window.height, sizePx, field.height);
  const keep = maskWindow(cells, cell.label, masking, across, down);
  const keepProtein =
    cleanProtein && masking !== 'full' ? maskWindow(cells, cell.label, 'full', across, down) : keep;
  const gamma = normalisation.kind === 'field-percentile' ? normalisation.gamma : 1;
  for (let c = 0; c < channels.length; c++) {
    const plane = field.channels[channels[c]];
    if (plane === null) continue;
    const target = crop.subarray(c * sizePx ** 2, (c + 1) * sizePx ** 2);
    resample(target, plane, channels[c] === 'protein' ? keepProtein : keep, across, down);
    const scale = 1 / (fullScale(plane) * levels[c]);
    for (let i = 0; i < target.length; i++) {
      const value = Math.min(1, Math.max(0, target[i] * scale));
      target[i] = gamma === 1 ? value : gamma === 0.5 ? Math.sqrt(value) : value ** gamma;
    }
  }
}

/** Which pixels of the field under the window stay: 1 or 0, row by row. */
interface WindowMask {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function maskWindow(
  cells: LabelImage,
  label: number,
  masking: Masking,
  across: Taps,
  down: Taps,
): WindowMask {
  const [left, right] = tapSpan(across);
  const [top, bottom] = tapSpan(down);
  const width = right - left;
  const height = bottom - top;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (top + y) * cells.width + left;
    for (let x = 0; x < width; x++) {
      const found = cells.data[row + x];
      const stays = masking === 'none' || found === label || (masking === 'neighbours' && found === 0);
      data[y * width + x] = stays ? 1 : 0;
    }
  }
  return { left, top, width, height, data };
}

/** First and past-the-last input position that any tap uses; empty where the window lies beyond the field. */
function tapSpan({ first, offsets }: Taps): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let i = 0; i < first.length; i++) {
    const count = offsets[i + 1] - offsets[i];
    if (count === 0) continue;
    if (first[i] < low) low = first[i];
    if (first[i] + count > high) high = first[i] + count;
  }
  return high === 0 ? [0, 0] : [low, high];
}

/** Weighted means of the kept pixels: across each input row first, then down. */
function resample(target: Float32Array, plane: Plane, keep: WindowMask, across: Taps, down: Taps): void {
  const size = across.first.length;
  const rows = new Float32Array(keep.height * size);
  const { data } = plane;
  for (let y = 0; y < keep.height; y++) {
    const source = (keep.top + y) * plane.width;
    const kept = y * keep.width - keep.left;
    for (let x = 0; x < size; x++) {
      const begin = across.offsets[x];
      const end = across.offsets[x + 1];
      const shift = across.first[x] - begin;
      let sum = 0;
      for (let k = begin; k < end; k++) {
        const at = shift + k;
        if (keep.data[kept + at] !== 0) sum += across.weights[k] * data[source + at];
      }
      rows[y * size + x] = sum;
    }
  }
  for (let y = 0; y < size; y++) {
    const begin = down.offsets[y];
    const shift = down.first[y] - keep.top - begin;
    const out = y * size;
    for (let k = begin; k < down.offsets[y + 1]; k++) {
      const weight = down.weights[k];
      const row = (shift + k) * size;
      for (let x = 0; x < size; x++) target[out + x] += weight * rows[row + x];
    }
  }
}
