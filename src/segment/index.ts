/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export {
  type ChannelState,
  channelStates,
  channelWarnings,
  FIELD_WARNING_CODES,
  type FieldWarning,
  type FieldWarningCode,
} from './channel-states.js';
export { segmentClassical } from './classical.js';
export { HPA_NATIVE_SIZES, type HpaPair, type HpaSizes, hpaCells, segmentByHpaPair } from './hpa.js';
export { closeLabels, fillLabelHoles } from './label-morphology.js';
export { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
export { type SegmenterNetworks, segmentByNetworks } from './network.js';
export { nucleiOfPicture, PICTURE_NUCLEI } from './picture.js';
export {
  DEFAULT_POLICIES,
  type SegmentationPolicies,
  TOUCHING_NUCLEI,
  type TouchingNuclei,
  WITHOUT_NUCLEUS,
  type WithoutNucleus,
} from './policies.js';
export type { StageListener } from './stages.js';
