/** Learning-rate schedules as plain data. */

/** All factors multiply the optimiser's learning rate. */
export type ScheduleSpec =
  | { readonly type: 'constant' }
  /** Times `factor` after every so many epochs. */
  | { readonly type: 'step'; readonly epochs: number; readonly factor: number }
  /** Rises in a line over the warm-up, then falls as half a cosine to `floor` (Loshchilov & Hutter 2017). */
  | {
      readonly type: 'cosine';
      /** @default 0 */
      readonly warmupEpochs?: number;
      /** Factor at the end. @default 0 */
      readonly floor?: number;
    }
  /** Up from 1/25 and down to 1e-4 / 25 on half cosines (Smith & Topin 2018, with PyTorch's defaults). */
  | {
      readonly type: 'oneCycle';
      /** Share of the steps that rise. @default 0.3 */
      readonly rise?: number;
    }
  /** Times `factor` whenever the monitored figure has not become better for `patience` epochs. */
  | { readonly type: 'plateau'; readonly factor: number; readonly patience: number; readonly floor?: number };

export interface SchedulePoint {
  /** Steps made before this one. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** Monitored figure of each epoch so far, smaller is better. */
  readonly monitored: readonly number[];
}

const ONE_CYCLE_START = 1 / 25;
const ONE_CYCLE_END = ONE_CYCLE_START / 1e4;

/** Factor of a step: depends on the step and the history alone, so a resumed training has the same. */
export function scheduleFactor(spec: ScheduleSpec, point: SchedulePoint): number {
  const { step, stepsPerEpoch, epochs } = point;
  const total = stepsPerEpoch * epochs;
  switch (spec.type) {
    case 'constant':
      return 1;
    case 'step':
      return spec.factor ** Math.floor(step / stepsPerEpoch / spec.epochs);
    case 'cosine': {
      const { warmupEpochs = 0, floor = 0 } = spec;
      const warmup = warmupEpochs * stepsPerEpoch;
      if (step < warmup) return (step + 1) / (warmup + 1);
      return halfCosine(1, floor, (step - warmup) / Math.max(1, total - warmup));
    }
    case 'oneCycle': {
      const top = (spec.rise ?? 0.3) * total - 1;
      if (step <= top) return halfCosine(ONE_CYCLE_START, 1, step / Math.max(1, top));
      return halfCosine(1, ONE_CYCLE_END, (step - top) / Math.max(1, total - 1 - top));
    }
    case 'plateau':
      return Math.max(spec.floor ?? 0, spec.factor ** countPlateaus(point.monitored, spec.patience));
  }
}

/** From one value to another, level at both ends; share in [0, 1]. */
function halfCosine(from: number, to: number, share: number): number {
  return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share)));
}

function countPlateaus(monitored: readonly number[], patience: number): number {
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  let plateaus = 0;
  for (const value of monitored) {
    if (value < best) {
      best = value;
      waited = 0;
    } else if (++waited > patience) {
      plateaus++;
      waited = 0;
    }
  }
  return plateaus;
}
