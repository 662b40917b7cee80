import { z } from 'zod';
import { LOCATIONS, type LocationScores } from '../common/index.js';

const perLocation = z.array(z.number()).length(LOCATIONS.length);

export const calibrationSchema = z.object({
  /** By class id, above 0: below 1 draws scores towards the middle, as a temperature of 1 / slope. */
  slopes: perLocation.refine((slopes) => slopes.every((slope) => slope > 0), 'slopes must be above 0'),
  /** By class id, added after the slope: below 0 where a location is rarer than the scores say. */
  offsets: perLocation,
  /** What it was fitted on, for people. */
  cells: z.int().min(1),
  fields: z.int().min(1),
});

/**
 * How a network's scores become probabilities: sigmoid(slope logit(score) + offset), location by location (Platt 1999;
 * with one slope for all and no offset the temperature
 * of Guo et al. 2017, section 4.2). Which of two cells ranks higher at a location stays, but for scores within 1e-6 of 0 or 1.
 */
export type ScoreCalibration = z.infer<typeof calibrationSchema>;

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
