/** Jobs over many fields on disk: they go on where they were stopped, and one bad field never stops the others. */
export { type ClassifierFile, openClassifier, SHIPPED_CLASSIFIER } from './classifier-file.js';
export { type CocoExport, exportCoco } from './coco.js';
export { type CroppingEvents, type CroppingOptions, type CroppingRun, runCropping } from './cropping.js';
export { type Evaluation, evaluateFolders } from './evaluation.js';
export { exploreFields } from './exploration.js';
export { exportModel, listModels, type ModelFacts, showModel } from './models.js';
export {
  type PredictionRun,
  type PredictionRunEvents,
  type PredictionRunOptions,
  runPrediction,
} from './prediction.js';
export { type FieldRecord, recordCells } from './record.js';
export {
  DEFAULT_SEGMENTER,
  type NamedSegmenter,
  openPackageNetwork,
  openSegmenter,
  SEGMENTER_NAMES,
  SHIPPED_CELLS,
  SHIPPED_NUCLEI,
} from './segmenter-file.js';
export { exploreStore } from './store-exploration.js';
export { runSynthesis, type SynthesisRun } from './synthesis.js';
export { VERSION } from './version.js';
