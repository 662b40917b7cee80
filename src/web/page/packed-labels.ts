import type { LabelImage, Segmentation } from '../../imaging/index.js';

/** A label image as runs of equal values, row after row: a hundredth of its size. */
export interface PackedLabels {
  readonly width: number;
  readonly height: number;
  /** A run's value, then its length in pixels. */
  readonly runs: Int32Array;
}

export interface PackedSegmentation {
  readonly cells: PackedLabels;
  readonly nuclei: PackedLabels;
}

export function packLabels({ width, height, data }: LabelImage): PackedLabels {
  const runs: number[] = [];
  for (let start = 0; start < data.length; ) {
    let end = start + 1;
    while (end < data.length && data[end] === data[start]) end++;
    runs.push(data[start], end - start);
    start = end;
  }
  return { width, height, runs: Int32Array.from(runs) };
}

export function unpackLabels({ width, height, runs }: PackedLabels): LabelImage {
  const data = new Int32Array(width * height);
  for (let run = 0, start = 0; run < runs.length; run += 2) {
    const end = start + runs[run + 1];
    if (runs[run] !== 0) data.fill(runs[run], start, end);
    start = end;
  }
  return { width, height, data };
}

export function packSegmentation({ cells, nuclei }: Segmentation): PackedSegmentation {
  return { cells: packLabels(cells), nuclei: packLabels(nuclei) };
}

export function unpackSegmentation({ cells, nuclei }: PackedSegmentation): Segmentation {
  return { cells: unpackLabels(cells), nuclei: unpackLabels(nuclei) };
}
