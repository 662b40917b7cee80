import { type Indicator, type LabelVotes, labelVotes, UNSURE } from './label-votes.js';
import type { LabelImage } from './plane.js';

/**
 * The label image at the same or another size, with smooth outlines instead of pixel steps: each label's indicator
 * (1 inside, 0 outside) is blurred and read off at the new pixels' centres by bilinear interpolation. A pixel is
 * background where all labels together come to less than a half, else it takes the greatest; of equals the smallest.
 * Outlines between labels and background are smoothed alike, touching labels keep touching, straight outlines stay.
 * What is much thinner than `sigmaPx` vanishes.
 * @param sigmaPx blur in pixels of the input; 0.7 rounds off the steps of an enlargement
 */
export function smoothLabels(labels: LabelImage, width: number, height: number, sigmaPx: number): LabelImage {
  const votes = labelVotes(labels, sigmaPx);
  if (width === labels.width && height === labels.height) return { width, height, data: votes.winners };
  return { width, height, data: readOff(votes, labels, width, height) };
}

/**
 * Between four input pixels that surely have one label, so has everything: only along the outlines there is work. Rows are written from
 * left to right, equal labels in one go: large images are bound by memory.
 */
function readOff(votes: LabelVotes, labels: LabelImage, width: number, height: number): Int32Array {
  const { sure, indicators } = votes;
  const columns = axisSpans(labels.width, width);
  const rows = axisSpans(labels.height, height);
  const ballots = collectBallots(indicators, alongOutlines(sure, labels.width, labels.height), labels.width);
  const kinds = new Int32Array(columns.spans.length);
  const patches: Patch[] = [];
  const data = new Int32Array(width * height);
  for (const { first, second, begin, end } of rows.spans) {
    const upper = first * labels.width;
    const lower = second * labels.width;
    let contested = 0;
    for (let k = 0; k < kinds.length; k++) {
      const span = columns.spans[k];
      const a = upper + span.first;
      const b = upper + span.second;
      const c = lower + span.first;
      const d = lower + span.second;
      const even = sure[b] === sure[a] && sure[c] === sure[a] && sure[d] === sure[a];
      kinds[k] = even ? sure[a] : UNSURE;
      if (kinds[k] === UNSURE) fillPatch(patches, contested++, ballots, a, b, c, d);
    }
    for (let y = begin; y < end; y++) {
      const row = y * width;
      for (let k = 0, patch = 0; k < kinds.length; ) {
        const kind = kinds[k];
        const from = columns.spans[k].begin;
        if (kind === UNSURE) {
          const to = columns.spans[k++].end;
          const own = patches[patch++];
          for (let x = from; x < to; x++) data[row + x] = winner(own, columns.shares[x], rows.shares[y]);
          continue;
        }
        while (k < kinds.length && kinds[k] === kind) k++;
        if (kind !== 0) data.fill(kind, row + from, row + columns.spans[k - 1].end);
      }
    }
  }
  return data;
}

/** Pixels of 2 x 2 blocks that do not surely have one label (1, else 0). */
function alongOutlines(sure: Int32Array, width: number, height: number): Uint8Array {
  const marks = new Uint8Array(sure.length);
  for (let y = 0; y < height; y++) {
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const right = x + 1 < width ? 1 : 0;
      const label = sure[i];
      const even = sure[i + right] === label && sure[i + down] === label && sure[i + down + right] === label;
      if (even && label !== UNSURE) continue;
      marks[i] = 1;
      marks[i + right] = 1;
      marks[i + down] = 1;
      marks[i + down + right] = 1;
    }
  }
  return marks;
}

/** For marked pixels all labels' votes, as lists: `first[pixel]` and then `next[vote]`, -1 at the end. */
interface Ballots {
  readonly first: Int32Array;
  readonly next: number[];
  readonly label: number[];
  readonly value: number[];
}

function collectBallots(indicators: readonly Indicator[], marks: Uint8Array, width: number): Ballots {
  const first = new Int32Array(marks.length).fill(-1);
  const ballots: Ballots = { first, next: [], label: [], value: [] };
  for (const { label, window, values } of indicators) {
    let i = 0;
    for (let y = window.y; y < window.y + window.height; y++) {
      const end = y * width + window.x + window.width;
      for (let pixel = end - window.width; pixel < end; pixel++) {
        const value = values[i++];
        if (marks[pixel] === 0 || value === 0) continue;
        ballots.next.push(first[pixel]);
        ballots.label.push(label);
        ballots.value.push(value);
        first[pixel] = ballots.next.length - 1;
      }
    }
  }
  return ballots;
}

/** The labels that have a say between four neighbouring input pixels, with their votes at each corner. */
interface Patch {
  count: number;
  labels: Int32Array;
  /** Four a label: upper left, upper right, lower left, lower right. */
  corners: Float64Array;
}

/** Makes patch `index`, reusing what is there. */
function fillPatch(
  patches: Patch[],
  index: number,
  ballots: Ballots,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  patches[index] ??= { count: 0, labels: new Int32Array(4), corners: new Float64Array(16) };
  const patch = patches[index];
  patch.count = 0;
  fillCorner(patch, ballots, a, 0);
  fillCorner(patch, ballots, b, 1);
  fillCorner(patch, ballots, c, 2);
  fillCorner(patch, ballots, d, 3);
}

function fillCorner(
  patch: Patch,
  { first, next, label, value }: Ballots,
  pixel: number,
  corner: number,
): void {
  for (let vote = first[pixel]; vote >= 0; vote = next[vote]) {
    const k = place(patch, label[vote]);
    patch.corners[4 * k + corner] = value[vote];
  }
}

/** Where the patch keeps a label; a new one has no votes yet. */
function place(patch: Patch, label: number): number {
  for (let k = 0; k < patch.count; k++) if (patch.labels[k] === label) return k;
  const k = patch.count++;
  if (k === patch.labels.length) {
    const { labels, corners } = patch;
    patch.labels = new Int32Array(2 * k);
    patch.labels.set(labels);
    patch.corners = new Float64Array(8 * k);
    patch.corners.set(corners);
  }
  patch.labels[k] = label;
  patch.corners.fill(0, 4 * k, 4 * k + 4);
  return k;
}

/** The label of a point, by its shares of the patch's right and lower side. */
function winner({ count, labels, corners }: Patch, right: number, lower: number): number {
  let best = 0;
  let bestLabel = 0;
  let total = 0;
  for (let k = 0; k < count; k++) {
    const i = 4 * k;
    const left = corners[i] + lower * (corners[i + 2] - corners[i]);
    const other = corners[i + 1] + lower * (corners[i + 3] - corners[i + 1]);
    const value = left + right * (other - left);
    total += value;
    if (value > best || (value === best && labels[k] < bestLabel)) {
      best = value;
      bestLabel = labels[k];
    }
  }
  return total < 0.5 ? 0 : bestLabel;
}

/** Output positions `begin` to `end`, which lie between the centres of two input positions. */
interface Span {
  readonly begin: number;
  readonly end: number;
  readonly first: number;
  readonly second: number;
}

/** An axis cut into spans, and for each output position its share of the span's second input position. */
function axisSpans(from: number, to: number): { spans: Span[]; shares: Float32Array } {
  const shares = new Float32Array(to);
  const spans: Span[] = [];
  for (let begin = 0; begin < to; ) {
    const first = Math.floor(centre(begin, from, to));
    let end = begin;
    while (end < to && Math.floor(centre(end, from, to)) === first) {
      shares[end] = centre(end, from, to) - first;
      end++;
    }
    spans.push({ begin, end, first, second: Math.min(from - 1, first + 1) });
    begin = end;
  }
  return { spans, shares };
}

/** Where an output position's centre lies among the input's centres. */
function centre(i: number, from: number, to: number): number {
  return Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
}
