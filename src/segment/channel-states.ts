import type { MessageValues } from '../common/index.js';
import { type Channel, type FieldOfView, fullScale, type Plane, percentile } from '../imaging/index.js';

/** Whether a channel shows its stain. */
export type ChannelState = 'shown' | 'dark' | 'missing';

/**
 * A channel is dark whose range (99.9th percentile less the median) is below this part of the widest range of the field's channels. On
 * the atlas's 47 composites the channels left dark, which only show what bleeds over from others, come to 0.06 to 0.10, all others to
 * 0.4 and more.
 */
const DARK_RANGE = 0.15;
/** A dark nuclear channel is taken for bleeding only where it follows another one so closely; else it is a weak stain. */
const BLEEDING_CORRELATION = 0.3;
/** About so many means a row, and rows, are looked at. */
const SAMPLES = 256;

/** The states of the channels that outline cells. */
export function channelStates(field: FieldOfView): Record<Exclude<Channel, 'protein'>, ChannelState> {
  const { microtubules, protein, nuclei, er } = field.channels;
  const samples = {
    microtubules: samplePlane(microtubules),
    protein: samplePlane(protein),
    nuclei: samplePlane(nuclei),
    er: er && samplePlane(er),
  };
  const ranges = Object.values(samples).map((values) => (values ? rangeOf(values) : 0));
  const least = DARK_RANGE * Math.max(...ranges);
  const state = (values: Float32Array | null): ChannelState => {
    if (!values) return 'missing';
    const range = rangeOf(values);
    return range > 0 && range >= least ? 'shown' : 'dark';
  };
  const nuclear = state(samples.nuclei);
  const others = [samples.microtubules, samples.protein, samples.er].filter((values) => values !== null);
  const bleeds = others.some((values) => correlation(values, samples.nuclei) > BLEEDING_CORRELATION);
  const even = rangeOf(samples.nuclei) === 0;
  return {
    microtubules: state(samples.microtubules),
    er: state(samples.er),
    nuclei: nuclear === 'dark' && !bleeds && !even ? 'shown' : nuclear,
  };
}

/** Stable names of what can be doubtful about a field. */
export const FIELD_WARNING_CODES = [
  'nuclei-dark',
  'cells-hardly-shown',
  'microtubules-dark',
  'er-not-shown',
] as const;
export type FieldWarningCode = (typeof FIELD_WARNING_CODES)[number];

/** Something doubtful about a field: its code and what the message names, for programs and translations; the message, for people. */
export interface FieldWarning {
  readonly code: FieldWarningCode;
  readonly values: MessageValues;
  readonly message: string;
}

/** What a user should know of a field whose cells are outlined by fewer channels than they could be; mostly nothing. */
export function channelWarnings(field: FieldOfView): FieldWarning[] {
  const { microtubules, er, nuclei } = channelStates(field);
  const warnings: FieldWarning[] = [];
  const warn = (code: FieldWarningCode, message: string, values: MessageValues = {}) =>
    warnings.push({ code, values, message });
  if (nuclei === 'dark') {
    warn(
      'nuclei-dark',
      'the nuclei channel is dark: nuclei are sought as gaps in microtubules and ER, and are only rough',
    );
  }
  if (microtubules !== 'shown' && er !== 'shown') {
    const found =
      er === 'missing' ? 'microtubules are dark and ER is missing' : 'microtubules and ER are dark';
    warn(
      'cells-hardly-shown',
      `${found}: the outlines of cells follow what little is seen, else the nuclei at 5 um`,
      { er },
    );
  } else if (microtubules !== 'shown') {
    warn('microtubules-dark', 'microtubules are dark: cells are outlined by ER alone');
  } else if (er !== 'shown') {
    warn('er-not-shown', `ER is ${er}: cells are outlined by microtubules alone`, { er });
  }
  return warnings;
}

/** Means of short stretches of some rows, in [0, 1] of full scale: enough to judge a channel by, a hundredth of the work. */
function samplePlane(plane: Plane): Float32Array {
  const { width, height, data } = plane;
  const across = Math.max(1, Math.floor(width / SAMPLES));
  const down = Math.max(1, Math.floor(height / SAMPLES));
  const columns = Math.floor(width / across);
  const rows = Math.floor(height / down);
  const values = new Float32Array(columns * rows);
  const scale = 1 / (across * fullScale(plane));
  for (let row = 0, i = 0; row < rows; row++) {
    let pixel = row * down * width;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (const end = pixel + across; pixel < end; pixel++) sum += data[pixel];
      values[i++] = sum * scale;
    }
  }
  return values;
}

function rangeOf(values: Float32Array): number {
  const plane = { width: values.length, height: 1, bitDepth: 32 as const, data: values };
  return percentile(plane, 99.9) - percentile(plane, 50);
}

/** Pearson's; 0 where either does not vary. */
function correlation(a: Float32Array, b: Float32Array): number {
  const n = a.length;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
    sumAA += a[i] * a[i];
    sumBB += b[i] * b[i];
    sumAB += a[i] * b[i];
  }
  const variances = (sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n);
  return variances > 0 ? (sumAB - (sumA * sumB) / n) / Math.sqrt(variances) : 0;
}
