/** The library: what `import ... from 'cytolocus'` offers in Node. The layers are described in ARCHITECTURE.md. */
export {
  CytolocusError,
  InputError,
  LOCATIONS,
  type LocationScores,
  locationIndex,
  ModelError,
  NEGATIVE,
  ShapeError,
  UsageError,
} from './common/index.js';
export { type CropStore, openStore, readCrops, type StoredCell } from './dataset/index.js';
export {
  checkSubmission,
  differenceOf,
  evaluateFiles,
  evaluateLabels,
  intervalsOf,
} from './evaluation/index.js';
export type { FieldOfView, LabelImage, Plane, RgbImage, Segmentation } from './imaging/index.js';
export { renderOverlay } from './imaging/index.js';
export {
  findFields,
  loadRuntime,
  readField,
  readLabelPng,
  readPixelSizes,
  writeLabelPng,
  writeRgbPng,
} from './io/index.js';
export { decodeMask, encodeLabelImage, encodeMask, type Rle } from './masks/index.js';
export { type Classifier, loadClassifier } from './networks/index.js';
export {
  type CellPrediction,
  type CellVerdict,
  callLocations,
  describeVariation,
  type FieldPrediction,
  judgeCell,
  measureVariation,
  predictField,
  rankLocations,
  summarizeScores,
  type Variation,
} from './predict/index.js';
export {
  openClassifier,
  runCropping,
  runPrediction,
  runSynthesis,
  SHIPPED_CLASSIFIER,
} from './runs/index.js';
export * from './scoring/index.js';
export {
  channelWarnings,
  DEFAULT_POLICIES,
  type FieldWarning,
  type SegmentationPolicies,
  segmentClassical,
} from './segment/index.js';
export { defaultSynthSettings, type SynthSettings, simulateField } from './synthetic/index.js';
export { type ClassifierRecipe, trainClassifier } from './training/index.js';
