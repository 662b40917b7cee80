import { LOCATIONS, type LocationScores } from '../common/index.js';

/**
 * How a network's scores become probabilities: sigmoid(slope logit(score) + offset), location by location (Platt 1999;
 * with one slope for all and no offset the temperature of Guo et al. 2017, section 4.2). Which of two cells ranks higher at
 * a location stays, but for scores within 1e-6 of 0 or 1.
 */
export interface ScoreCalibration {
  /** By class id, above 0: below 1 draws scores towards the middle, as a temperature of 1 / slope. */
  readonly slopes: readonly number[];
  /** By class id, added after the slope: below 0 where a location is rarer than the scores say. */
  readonly offsets: readonly number[];
}

const LEAST_SCORE = 1e-6;

/** log(score / (1 - score)) of a score in [0, 1]; beyond 1e-6 of the ends it goes no further. */
export function logit(score: number): number {
  const inside = Math.min(1 - LEAST_SCORE, Math.max(LEAST_SCORE, score));
  return Math.log(inside / (1 - inside));
}

/** The probabilities of one cell's locations. */
export function calibrateScores(scores: LocationScores, { slopes, offsets }: ScoreCalibration): Float32Array {
  return Float32Array.from(scores, (score, id) => sigmoid(slopes[id] * logit(score) + offsets[id]));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Newton's method on two numbers converges in a handful of steps; this many stand for "it does not". */
const MOST_STEPS = 50;
const CONVERGED = 1e-8;
const LEAST_SLOPE = 0.05;

/** What a slope and an offset are drawn to, and how strongly, in cells of even chances (each weighs p (1 - p) in the fit). */
interface Prior {
  readonly slope: number;
  readonly offset: number;
  readonly slopeWeight: number;
  readonly offsetWeight: number;
}

/** All locations together: hardly anything but the cells counts. */
const SHARED_PRIOR: Prior = { slope: 1, offset: 0, slopeWeight: 2, offsetWeight: 0 };

/**
 * How strongly a location is drawn to the fit of all together. Chosen among 0, 20, 100 and 1000 on the 49 labelled real pictures and the synthetic fields of
 * models/classifier.md: a location's own offset, fitted freely to drawn fields, puts the locations of real ones in a worse order (ARCHITECTURE.md
 * has the figures); at 100 that is gone and the calibration error is as low.
 */
const SHARED_WEIGHT = 100;

/**
 * Fits a calibration to scores of cells whose locations are known: for each location the logistic regression of the
 * truth on the score's logit (Platt 1999), with Platt's targets (n + 1) / (n + 2) and 1 / (m + 2) in place of 1 and 0. Each
 * is drawn to the fit of all locations together (partial pooling: Gelman & Hill 2007, chapter 12), so that few cells move a
 * location little.
 * @param scores cells x 19, as a network gives them: not calibrated ones
 * @param targets as many, 1 where the cell shows the location, else 0
 */
export function fitCalibration(scores: Float32Array, targets: Float32Array): ScoreCalibration {
  const classes = LOCATIONS.length;
  const logits = Float64Array.from(scores, logit);
  const truth = Uint8Array.from(targets);
  const shared = fitLogistic(logits, truth, SHARED_PRIOR);
  const prior = { ...shared, slopeWeight: SHARED_WEIGHT, offsetWeight: SHARED_WEIGHT };
  const fits = LOCATIONS.map((_, id) =>
    fitLogistic(
      logits.filter((_, i) => i % classes === id),
      truth.filter((_, i) => i % classes === id),
      prior,
    ),
  );
  return {
    slopes: fits.map(({ slope }) => slope),
    offsets: fits.map(({ offset }) => offset),
  };
}

/** Newton's method with halved steps: the loss is convex, so it ends at the one minimum. */
function fitLogistic(x: Float64Array, truth: Uint8Array, prior: Prior): { slope: number; offset: number } {
  const positives = truth.reduce((sum, value) => sum + value, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (truth.length - positives + 2);
  const loss = (slope: number, offset: number) => {
    let sum =
      (prior.slopeWeight / 2) * (slope - prior.slope) ** 2 +
      (prior.offsetWeight / 2) * (offset - prior.offset) ** 2;
    for (let i = 0; i < x.length; i++) {
      const z = slope * x[i] + offset;
      sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (truth[i] === 0 ? low : high) * z;
    }
    return sum;
  };
  let { slope, offset } = prior;
  let current = loss(slope, offset);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [da, db] = newtonStep(x, truth, prior, { slope, offset, high, low });
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
  prior: Prior,
  { slope, offset, high, low }: { slope: number; offset: number; high: number; low: number },
): [number, number] {
  let ga = prior.slopeWeight * (slope - prior.slope);
  let gb = prior.offsetWeight * (offset - prior.offset);
  let haa = prior.slopeWeight;
  let hab = 0;
  let hbb = prior.offsetWeight;
  for (let i = 0; i < x.length; i++) {
    const p = sigmoid(slope * x[i] + offset);
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
