/** How far a training is, and the line that people know from Keras. */

export interface Progress {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  readonly steps: number;
  /** Since the epoch began. */
  readonly seconds: number;
  /** Means over the epoch so far; `val_` figures and the learning rate `lr` once the epoch is done. */
  readonly figures: Readonly<Record<string, number>>;
  /** True once the epoch is done, validation included. */
  readonly done: boolean;
}

/**
 * `Epoch 3/20  412/1885 [====>....] ETA 02:31  loss 0.1234  acc 0.95`; once the epoch is done the time it took stands
 * in place of the time left.
 * @param barWidth characters between the brackets
 */
export function renderProgress(progress: Progress, barWidth = 20): string {
  const { epoch, epochs, step, steps, seconds, figures, done } = progress;
  const filled = steps > 0 ? Math.floor((barWidth * step) / steps) : barWidth;
  const bar = filled >= barWidth ? '='.repeat(barWidth) : `${'='.repeat(filled)}>`.padEnd(barWidth, '.');
  const left = step > 0 ? (seconds / step) * (steps - step) : Number.NaN;
  const time = done ? clock(seconds) : `ETA ${clock(left)}`;
  const numbers = Object.entries(figures).map(([name, value]) => `${name} ${shortNumber(value)}`);
  const count = `${String(step).padStart(String(steps).length)}/${steps}`;
  return [`Epoch ${epoch}/${epochs}`, `${count} [${bar}] ${time}`, ...numbers].join('  ');
}

function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '--:--';
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function shortNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return value.toFixed(4);
}
