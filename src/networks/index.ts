/** Networks: what they are made of, what their files say about themselves, and how a trained one is run. Platform-neutral. */
export { type Classifier, loadClassifier } from './classifier.js';
export { exportClassifier, LOGITS_OUTPUT } from './classifier-export.js';
export { type ClassifierHead, type LastLayer, openClassifierHead } from './classifier-head.js';
export type { NetworkDescription } from './description.js';
export * from './detection/index.js';
export { type Explainer, loadExplainer } from './explainer.js';
export { type HpaMaps, type HpaNetwork, loadHpaNetwork } from './hpa-network.js';
export {
  type ClassifierMetadata,
  decodeMetadata,
  encodeMetadata,
  type PredictionSettings,
} from './metadata.js';
export { normalisePlane, SEGMENTER_NORMALISATION } from './network-plane.js';
export { type PackageDescription, parsePackage } from './package-description.js';
export {
  describePackage,
  leastPackagePx,
  PACKAGE_FILES,
  type PackageFacts,
} from './package-export.js';
export { loadPackageNetwork, type PackageNetwork } from './package-network.js';
export { processPlanes } from './package-processing.js';
export { FORMAT_VERSION, kindOf } from './properties.js';
export { NETWORKS, networkNamed } from './registry.js';
export {
  loadSegmenterNetwork,
  type MapNetwork,
  type SegmenterMaps,
  type SegmenterNetwork,
} from './segmenter.js';
export {
  decodeSegmenterMetadata,
  encodeSegmenterMetadata,
  MAP_NAMES,
  type PlaneNormalisation,
  SEGMENTER_TARGETS,
  type SegmenterMetadata,
  type SegmenterTarget,
} from './segmenter-metadata.js';
export {
  SEGMENTER_NETWORKS,
  type SegmenterDescription,
  segmenterNetworkNamed,
} from './segmenter-registry.js';
export { type NetworkSize, networkSize } from './size.js';
export { STUDY_NETWORKS } from './study-networks.js';
export { runTiled, type TileNetwork, type TileOptions } from './tiles.js';
export { TURN_COUNTS, type TurnCount, turnedClassifier, turnPlanes } from './turned-classifier.js';
export { MAPS_OUTPUT, PLANES_INPUT } from './unet.js';
