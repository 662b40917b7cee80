import { LOCATIONS } from '../common/index.js';

/** No cell counts more than so many times the mean before weights are scaled to mean 1: a rare label is often a wrong one. */
const MOST = 4;

/**
 * One weight a cell, with mean 1, so that rare locations are not drowned: the square root of how much rarer than the
 * mean location a cell's rarest location is. The root halves the imbalance on a logarithmic scale; full balance would
 * give the few cells of a rare location the say over all its examples' noise.
 */
export function balanceWeights(cellLocations: readonly (readonly number[])[]): Float32Array {
  const counts = new Float64Array(LOCATIONS.length);
  for (const locations of cellLocations) for (const id of locations) counts[id]++;
  const present = counts.filter((count) => count > 0);
  const mean = present.reduce((sum, count) => sum + count, 0) / Math.max(1, present.length);
  const weights = Float32Array.from(cellLocations, (locations) => {
    const rarest = Math.min(...locations.map((id) => counts[id]));
    return Math.min(MOST, Math.sqrt(mean / rarest));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight * weights.length) / total);
}
