/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export { type ChannelState, channelStates, channelWarnings } from './channel-states.js';
export { segmentClassical } from './classical.js';
export {
  DEFAULT_POLICIES,
  type SegmentationPolicies,
  TOUCHING_NUCLEI,
  type TouchingNuclei,
  WITHOUT_NUCLEUS,
  type WithoutNucleus,
} from './policies.js';
export type { StageListener } from './stages.js';
