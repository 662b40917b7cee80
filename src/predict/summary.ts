import { LOCATIONS, type LocationScores } from '../common/index.js';

/** What a field's cells say together, one entry a location. */
export interface FieldScores {
  /** Mean of the cells' scores. */
  readonly mean: LocationScores;
  /** Standard deviation of the cells' scores: how differently the cells of the field behave. */
  readonly deviation: LocationScores;
}

/** Mean and (population) standard deviation of each location's score over the cells; zeros where there are none. */
export function summarizeScores(cells: readonly LocationScores[]): FieldScores {
  const mean = new Float32Array(LOCATIONS.length);
  const deviation = new Float32Array(LOCATIONS.length);
  if (cells.length === 0) return { mean, deviation };
  for (let k = 0; k < LOCATIONS.length; k++) {
    let sum = 0;
    for (const scores of cells) sum += scores[k];
    const average = sum / cells.length;
    let squares = 0;
    for (const scores of cells) squares += (scores[k] - average) ** 2;
    mean[k] = average;
    deviation[k] = Math.sqrt(squares / cells.length);
  }
  return { mean, deviation };
}

/** A location with its score. */
export interface RankedLocation {
  readonly location: number;
  readonly score: number;
}

/** Locations by score, highest first; ties keep the order of class ids. */
export function rankLocations(scores: LocationScores): RankedLocation[] {
  return Array.from(scores, (score, location) => ({ location, score })).sort((a, b) => b.score - a.score);
}

/** Class ids of the locations whose score is at least `threshold`, highest score first. */
export function callLocations(scores: LocationScores, threshold: number): number[] {
  return rankLocations(scores)
    .filter(({ score }) => score >= threshold)
    .map(({ location }) => location);
}
