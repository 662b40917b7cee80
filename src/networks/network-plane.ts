import { type FloatPlane, percentile } from '../imaging/index.js';
import type { PlaneNormalisation } from './segmenter-metadata.js';

/**
 * Our segmenters' way to look at a plane. Percentiles make images of any exposure alike; the square root brings dim objects
 * closer to bright ones and evens out photon noise.
 */
export const SEGMENTER_NORMALISATION: PlaneNormalisation = {
  lowPercent: 1,
  highPercent: 99.5,
  leastRange: 0.01,
  gamma: 0.5,
  most: 1.5,
};

/** A plane as a network wants it: scaled between two of its percentiles. */
export function normalisePlane(plane: FloatPlane, normalisation: PlaneNormalisation): FloatPlane {
  const { lowPercent, highPercent, leastRange, gamma, most } = normalisation;
  const low = percentile(plane, lowPercent);
  const scale = 1 / Math.max(leastRange, percentile(plane, highPercent) - low);
  const data = plane.data.map((value) => Math.min(most, Math.max(0, (value - low) * scale) ** gamma));
  return { ...plane, data };
}
