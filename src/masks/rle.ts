import type { LabelImage } from '../imaging/index.js';

/**
 * A binary mask as run lengths, COCO's way: pixels are counted down the columns, left to right; the first run counts
 * zeros (and may be 0), then ones and zeros take turns. The counts add up to width * height.
 */
export interface Rle {
  readonly width: number;
  readonly height: number;
  readonly counts: Uint32Array;
}

/** Run lengths of a mask given row by row; any value but 0 is set. */
export function encodeMask(mask: ArrayLike<number>, width: number, height: number): Rle {
  const runs: number[] = [];
  let value = 0;
  let start = 0;
  for (let x = 0, position = 0; x < width; x++) {
    for (let at = x; at < width * height; at += width, position++) {
      const next = mask[at] === 0 ? 0 : 1;
      if (next === value) continue;
      runs.push(position - start);
      start = position;
      value = next;
    }
  }
  runs.push(width * height - start);
  return { width, height, counts: Uint32Array.from(runs) };
}

/** The mask row by row, 1 where it is set. */
export function decodeMask(rle: Rle): Uint8Array {
  const mask = new Uint8Array(rle.width * rle.height);
  paint(rle, mask, 1);
  return mask;
}

/** Writes `label` into a label image of the mask's size wherever the mask is set. */
export function paintMask(rle: Rle, labels: LabelImage, label: number): void {
  if (labels.width !== rle.width || labels.height !== rle.height) {
    throw new RangeError(
      `paintMask: mask of ${rle.width}x${rle.height} on an image of ${labels.width}x${labels.height}`,
    );
  }
  paint(rle, labels.data, label);
}

function paint({ width, height, counts }: Rle, target: Uint8Array | Int32Array, value: number): void {
  let position = 0;
  for (let run = 0; run < counts.length; run++) {
    const end = position + counts[run];
    if (run % 2 === 1) {
      let x = Math.floor(position / height);
      let at = (position - x * height) * width + x;
      for (; position < end; position++) {
        target[at] = value;
        at += width;
        if (at >= target.length) at = ++x;
      }
    }
    position = end;
  }
}

/** Columns that are turned into rows at a time: small enough for the cache. */
const BLOCK = 32;

/** One label's runs while the image is being walked. */
interface OpenRuns {
  readonly counts: number[];
  /** Position after the label's last run. */
  end: number;
}

/**
 * Run lengths of every label of a label image (0 is background) in one pass over it, ascending by label.
 * The image is walked down its columns through a transposed block, so that memory is read row by row.
 */
export function encodeLabelImage(labels: LabelImage): Map<number, Rle> {
  const { width, height, data } = labels;
  const byLabel = new Map<number, OpenRuns>();
  const block = new Int32Array(BLOCK * height);
  let current = 0;
  let runs: OpenRuns | null = null;
  let start = 0;
  for (let x0 = 0; x0 < width; x0 += BLOCK) {
    const columns = Math.min(BLOCK, width - x0);
    transposeBlock(data, width, height, x0, columns, block);
    const size = columns * height;
    const offset = x0 * height;
    for (let i = 0; i < size; i++) {
      const label = block[i];
      if (label === current) continue;
      const position = offset + i;
      if (runs !== null) closeRun(runs, start, position);
      current = label;
      runs = label === 0 ? null : openRuns(byLabel, label);
      start = position;
    }
  }
  const total = width * height;
  if (runs !== null) closeRun(runs, start, total);
  const ascending = [...byLabel.keys()].sort((a, b) => a - b);
  return new Map(
    ascending.map((label) => [label, { width, height, counts: finish(byLabel.get(label)!, total) }]),
  );
}

function transposeBlock(
  data: Int32Array,
  width: number,
  height: number,
  x0: number,
  columns: number,
  block: Int32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width + x0;
    for (let x = 0, at = y; x < columns; x++, at += height) block[at] = data[row + x];
  }
}

function openRuns(byLabel: Map<number, OpenRuns>, label: number): OpenRuns {
  const known = byLabel.get(label);
  if (known !== undefined) return known;
  const runs = { counts: [], end: 0 };
  byLabel.set(label, runs);
  return runs;
}

function closeRun(runs: OpenRuns, start: number, end: number): void {
  runs.counts.push(start - runs.end, end - start);
  runs.end = end;
}

function finish({ counts, end }: OpenRuns, total: number): Uint32Array {
  if (end < total) counts.push(total - end);
  return Uint32Array.from(counts);
}
