/** Mask R-CNN: anchors, proposals, matching, the network and how a trained one is asked. */
export { ANCHOR_RATIOS, type AnchorPlan, anchorOffsets, placeAnchors } from './anchors.js';
export {
  BOX_CODING,
  type BoxCoding,
  type Boxes,
  boxIou,
  clipBoxes,
  decodeBoxes,
  encodeBoxes,
  PROPOSAL_CODING,
  takeBoxes,
} from './boxes.js';
export { type Detection, type Detector, loadDetector } from './detector.js';
export { checkExport, loadImportedDetector } from './imported.js';
export {
  decodeImportedDetector,
  encodeImportedDetector,
  IMPORTED_DETECTOR,
  type ImportedDetectorMetadata,
  PLAIN_INTENSITIES,
} from './imported-metadata.js';
export { chooseLevels } from './levels.js';
export {
  ANCHOR_MATCHING,
  BACKGROUND,
  type MatchThresholds,
  matchBoxes,
  NEITHER,
  PROPOSAL_MATCHING,
  type Sample,
  sampleMatches,
} from './matching.js';
export {
  type DetectionSettings,
  type DetectorMetadata,
  decodeDetectorMetadata,
  encodeDetectorMetadata,
} from './metadata.js';
export * from './model.js';
export { type PastedMask, pasteMask } from './paste.js';
export { PROPOSAL_OVERLAP, type ProposalSettings, proposeRegions } from './proposals.js';
export {
  DETECTOR_NETWORKS,
  type DetectorDescription,
  detectorMultiplePx,
  detectorNetworkNamed,
} from './registry.js';
export { bestFirst, suppress } from './suppression.js';
