import type { LocationScores } from '../common/index.js';

/**
 * Areas below which a cell's scores are scaled down in proportion, as teams of the 2021 competition did: 80,000 px for
 * cells cut off by the border and 32,000 px for the others, at its 0.08 um a pixel.
 */
const FULL_WEIGHT_EDGE_UM2 = 80_000 * 0.08 ** 2;
const FULL_WEIGHT_INNER_UM2 = 32_000 * 0.08 ** 2;

/** Scores scaled by min(1, area / full-weight area): a sliver of a cell says little about where its protein is. */
export function weightScores(scores: LocationScores, areaUm2: number, touchesEdge: boolean): LocationScores {
  const weight = Math.min(1, areaUm2 / (touchesEdge ? FULL_WEIGHT_EDGE_UM2 : FULL_WEIGHT_INNER_UM2));
  return scores.map((score) => score * weight);
}
