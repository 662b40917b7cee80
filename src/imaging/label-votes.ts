import { gaussianBlur } from './gaussian.js';
import type { Box, LabelImage } from './plane.js';
import { measureRegions } from './regions.js';

/** How far around a label its blurred indicator is still worth adding, in sigmas. */
const REACH_SIGMAS = 3;
/** Stands in `sure` for a pixel that no label holds for certain. */
export const UNSURE = -1;

/** How much each label has to say at each pixel: the label's indicator (1 inside, 0 outside), blurred. */
export interface LabelVotes {
  /** The label with the greatest vote, of equals the smallest; 0 where all together come to less than a half. */
  readonly winners: Int32Array;
  /** The winner where it has more than half, or where all together have less; else UNSURE. */
  readonly sure: Int32Array;
  readonly indicators: readonly Indicator[];
}

/** A label's votes in a box of the image, row by row. */
export interface Indicator {
  readonly label: number;
  readonly window: Box;
  readonly values: Float32Array;
}

export function labelVotes(labels: LabelImage, sigmaPx: number): LabelVotes {
  const { width, data } = labels;
  const winners = new Int32Array(data.length);
  const best = new Float32Array(data.length);
  const total = new Float32Array(data.length);
  const indicators = measureRegions(labels).map(({ label, box }) => {
    const window = grow(box, Math.ceil(REACH_SIGMAS * sigmaPx) + 1, labels);
    return { label, window, values: blurredIndicator(labels, label, window, sigmaPx) };
  });
  for (const { label, window, values } of indicators) {
    let i = 0;
    for (let y = window.y; y < window.y + window.height; y++) {
      const end = y * width + window.x + window.width;
      for (let pixel = end - window.width; pixel < end; pixel++) {
        const value = values[i++];
        total[pixel] += value;
        if (value > best[pixel]) {
          best[pixel] = value;
          winners[pixel] = label;
        }
      }
    }
  }
  const sure = new Int32Array(data.length);
  for (let i = 0; i < sure.length; i++) {
    if (total[i] < 0.5) winners[i] = 0;
    else sure[i] = best[i] > 0.5 ? winners[i] : UNSURE;
  }
  return { winners, sure, indicators };
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
