import { gaussianBlur } from './gaussian.js';
import type { Box, LabelImage } from './plane.js';
import { measureRegions } from './regions.js';

/** How far around a label its blurred indicator is still worth adding, in sigmas. */
const REACH_SIGMAS = 3;

/**
 * The label image at the same or another size, with smooth outlines instead of pixel steps: each label's indicator
 * (1 inside, 0 outside) is blurred and read off at the new pixels' centres by bilinear interpolation. A pixel is
 * background where all labels together come to less than a half, else it takes the greatest; of equals the smallest.
 * Outlines between labels and background are smoothed alike, touching labels keep touching, straight outlines stay.
 * What is much thinner than `sigmaPx` vanishes.
 * @param sigmaPx blur in pixels of the input; 0.7 rounds off the steps of an enlargement
 */
export function smoothLabels(labels: LabelImage, width: number, height: number, sigmaPx: number): LabelImage {
  const data = new Int32Array(width * height);
  const best = new Float32Array(width * height);
  const total = new Float32Array(width * height);
  for (const { label, box } of measureRegions(labels)) {
    const window = grow(box, Math.ceil(REACH_SIGMAS * sigmaPx) + 1, labels);
    const indicator = blurredIndicator(labels, label, window, sigmaPx);
    const columns = samples(labels.width, width, window.x, window.width);
    const rows = samples(labels.height, height, window.y, window.height);
    const row = new Float32Array(window.width);
    for (let y = rows.begin; y < rows.end; y++) {
      interpolateRow(indicator, row, rows, y - rows.begin);
      for (let x = columns.begin; x < columns.end; x++) {
        const k = x - columns.begin;
        const left = row[columns.first[k]];
        const value = left + columns.share[k] * (row[columns.second[k]] - left);
        if (value === 0) continue;
        const i = y * width + x;
        total[i] += value;
        if (value > best[i]) {
          best[i] = value;
          data[i] = label;
        }
      }
    }
  }
  for (let i = 0; i < data.length; i++) if (total[i] < 0.5) data[i] = 0;
  return { width, height, data };
}

function grow(box: Box, marginPx: number, { width, height }: LabelImage): Box {
  const x = Math.max(0, box.x - marginPx);
  const y = Math.max(0, box.y - marginPx);
  return {
    x,
    y,
    width: Math.min(width, box.x + box.width + marginPx) - x,
    height: Math.min(height, box.y + box.height + marginPx) - y,
  };
}

function blurredIndicator(labels: LabelImage, label: number, window: Box, sigmaPx: number): Float32Array {
  const indicator = new Float32Array(window.width * window.height);
  for (let y = 0; y < window.height; y++) {
    const row = (window.y + y) * labels.width + window.x;
    for (let x = 0; x < window.width; x++)
      if (labels.data[row + x] === label) indicator[y * window.width + x] = 1;
  }
  return gaussianBlur({ width: window.width, height: window.height, bitDepth: 32, data: indicator }, sigmaPx)
    .data;
}

/** The window's row at an output row: between the two rows it lies between. */
function interpolateRow(indicator: Float32Array, row: Float32Array, rows: Samples, k: number): void {
  const upper = rows.first[k] * row.length;
  const lower = rows.second[k] * row.length;
  const share = rows.share[k];
  for (let x = 0; x < row.length; x++) {
    row[x] = indicator[upper + x] + share * (indicator[lower + x] - indicator[upper + x]);
  }
}

/** Output positions `begin` to `end`, whose centres fall into the window; for each the two window positions around it. */
interface Samples {
  begin: number;
  end: number;
  first: Int32Array;
  second: Int32Array;
  /** Weight of the second. */
  share: Float32Array;
}

function samples(from: number, to: number, start: number, length: number): Samples {
  const begin = Math.ceil((start * to) / from - 0.5);
  const end = Math.min(to, Math.ceil(((start + length) * to) / from - 0.5));
  const first = new Int32Array(end - begin);
  const second = new Int32Array(end - begin);
  const share = new Float32Array(end - begin);
  for (let i = begin; i < end; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5 - start;
    const clamped = Math.min(Math.max(centre, 0), length - 1);
    first[i - begin] = Math.floor(clamped);
    second[i - begin] = Math.min(length - 1, first[i - begin] + 1);
    share[i - begin] = clamped - first[i - begin];
  }
  return { begin, end, first, second, share };
}
