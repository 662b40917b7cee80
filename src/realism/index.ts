/** Parts layer: how near synthetic fields of view come to real ones. Platform-neutral. */
export { type Comparison, type Distance, measureDistance } from './distances.js';
export { GRAIN_PX, granularity } from './granularity.js';
export {
  brightnessHistogram,
  CHANNEL_PAIRS,
  channelCorrelation,
  type Intensity,
  measureIntensity,
  PERCENTILES,
} from './intensity.js';
export { type JudgedPatch, type JudgedPlane, judge, PATCH_PX, type Verdict } from './judge.js';
export { type CellShape, type FieldShapes, measureShapes, NEIGHBOUR_UM } from './shapes.js';
export { RING_EDGES, radialSpectrum } from './spectrum.js';
