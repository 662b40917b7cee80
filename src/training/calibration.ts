import { LOCATIONS } from '../common/index.js';
import { calibrateScores, logit, type ScoreCalibration } from '../networks/index.js';
import { calibration } from '../scoring/index.js';
import type { KnownScores } from './evaluation.js';
import { joinRows } from './scores.js';

/** Newton's method on two numbers converges in a handful of steps; this many stand for "it does not". */
const MOST_STEPS = 50;
const CONVERGED = 1e-8;
/** Weight of the wish that the slope be 1, in cells: a location that few cells show keeps the network's own spread. */
const SLOPE_PRIOR_CELLS = 2;
const LEAST_SLOPE = 0.05;

/**
 * Fits a calibration to scores of cells whose locations are known: for each location the logistic regression of the
 * truth on the score's logit (Platt 1999), with Platt's targets (n + 1) / (n + 2) and 1 / (m + 2) in place of 1 and 0, so
 * that a location which no cell shows gets a small probability and not none.
 * @param fields the network's own scores, not calibrated ones
 */
export function fitCalibration(fields: readonly KnownScores[]): ScoreCalibration {
  const scores = joinRows(fields.map((field) => field.scores));
  const targets = joinRows(fields.map((field) => field.targets));
  const classes = LOCATIONS.length;
  const cells = scores.length / classes;
  const fits = LOCATIONS.map((_, id) =>
    fitLogistic(
      Float64Array.from({ length: cells }, (_, i) => logit(scores[i * classes + id])),
      Uint8Array.from({ length: cells }, (_, i) => targets[i * classes + id]),
    ),
  );
  return {
    slopes: fits.map(({ slope }) => slope),
    offsets: fits.map(({ offset }) => offset),
    cells,
    fields: fields.length,
  };
}

/** Newton's method with halved steps: the loss is convex, so it ends at the one minimum. */
function fitLogistic(x: Float64Array, truth: Uint8Array): { slope: number; offset: number } {
  const positives = truth.reduce((sum, value) => sum + value, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (truth.length - positives + 2);
  const loss = (slope: number, offset: number) => {
    let sum = (SLOPE_PRIOR_CELLS / 2) * (slope - 1) ** 2;
    for (let i = 0; i < x.length; i++) {
      const z = slope * x[i] + offset;
      sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (truth[i] === 0 ? low : high) * z;
    }
    return sum;
  };
  let slope = 1;
  let offset = 0;
  let current = loss(slope, offset);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [da, db] = newtonStep(x, truth, { slope, offset, high, low });
    let size = 1;
    let next = loss(slope - da, offset - db);
    while (next > current && size > 1e-6) {
      size /= 2;
      next = loss(slope - size * da, offset - size * db);
    }
    if (!(next < current)) break;
    const gain = current - next;
    slope -= size * da;
    offset -= size * db;
    current = next;
    if (gain < CONVERGED * (1 + Math.abs(current))) break;
  }
  if (slope >= LEAST_SLOPE) return { slope, offset };
  // A slope of 0 or below would turn the ranking round: the scores say nothing, and the location's frequency is left.
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return { slope: LEAST_SLOPE, offset: logit((positives + 1) / (x.length + 2)) - LEAST_SLOPE * mean };
}

/** Inverse of the loss's second derivatives times its first ones, by slope and offset. */
function newtonStep(
  x: Float64Array,
  truth: Uint8Array,
  { slope, offset, high, low }: { slope: number; offset: number; high: number; low: number },
): [number, number] {
  let ga = SLOPE_PRIOR_CELLS * (slope - 1);
  let gb = 0;
  let haa = SLOPE_PRIOR_CELLS;
  let hab = 0;
  let hbb = 0;
  for (let i = 0; i < x.length; i++) {
    const p = 1 / (1 + Math.exp(-(slope * x[i] + offset)));
    const rest = p - (truth[i] === 0 ? low : high);
    const curve = p * (1 - p);
    ga += rest * x[i];
    gb += rest;
    haa += curve * x[i] ** 2;
    hab += curve * x[i];
    hbb += curve;
  }
  const determinant = haa * hbb - hab ** 2;
  // Where all probabilities are at an end the loss is flat in the offset: a plain step down.
  if (!(determinant > 1e-12)) return [ga / haa, Math.sign(gb)];
  return [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
}

/** Calibration error and Brier score over all pairs of cell and location (see `calibration`). */
export interface CalibrationFigures {
  readonly ece: number;
  readonly brier: number;
}

export interface JudgedCalibration {
  readonly before: CalibrationFigures;
  /** Of calibrations fitted on the other fields: each half of the fields is judged by what was fitted on the other. */
  readonly after: CalibrationFigures;
}

/** What a calibration is worth on fields that it was not fitted on: two halves, every other field, each judged by the other. */
export function judgeCalibration(fields: readonly KnownScores[]): JudgedCalibration {
  const halves = [0, 1].map((half) => fields.filter((_, i) => i % 2 === half));
  const judged = halves.flatMap((half, i) => {
    const fitted = fitCalibration(halves[1 - i]);
    return half.map(({ scores }) => calibrateRows(scores, fitted));
  });
  const inOrder = halves.flat();
  const targets = joinRows(inOrder.map((field) => field.targets));
  const figures = (scores: Float32Array): CalibrationFigures => {
    const { ece, brier } = calibration(scores, targets);
    return { ece, brier };
  };
  return { before: figures(joinRows(inOrder.map(({ scores }) => scores))), after: figures(joinRows(judged)) };
}

function calibrateRows(scores: Float32Array, fitted: ScoreCalibration): Float32Array {
  const classes = LOCATIONS.length;
  const rows = Array.from({ length: scores.length / classes }, (_, i) =>
    calibrateScores(scores.subarray(i * classes, (i + 1) * classes), fitted),
  );
  return joinRows(rows);
}
