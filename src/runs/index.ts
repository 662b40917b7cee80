/** Jobs over many fields on disk: they go on where they were stopped, and one bad field never stops the others. */
export { type AdaptationRun, type AdaptationRunOptions, runAdaptation } from './adaptation.js';
export {
  type CalibrationRun,
  type CalibrationRunOptions,
  type JudgedCalibration,
  judgeCalibration,
  runCalibration,
} from './calibration.js';
export { type ClassifierFile, openClassifier, SHIPPED_CLASSIFIER } from './classifier-file.js';
export { type CocoExport, exportCoco } from './coco.js';
export { type CroppingEvents, type CroppingOptions, type CroppingRun, runCropping } from './cropping.js';
export { DEFAULT_DETECTOR, SHIPPED_DETECTOR } from './detector-file.js';
export { type DocumentTask, writeDocument } from './document-file.js';
export { DOCUMENT_NAMES, DOCUMENTS, type DocumentName } from './documents.js';
export { exploreFields } from './exploration.js';
export { type NamedSegmenter, PREDICTION_STAGES, type PredictionStage } from './finish-field.js';
export { type KnownScores, scoreKnownCells, scoreOnTruth } from './known-cells.js';
export { type DetectorImport, importDetector } from './model-import.js';
export { exportModel, listModels, type ModelFacts, showModel } from './models.js';
export { PICTURES, type Picture } from './pictures.js';
export { openPredictionPool, type PredictionPool } from './pools.js';
export {
  type PredictionRun,
  type PredictionRunEvents,
  type PredictionRunOptions,
  runPrediction,
} from './prediction.js';
export { openPredictionSetup, type PredictionSetup } from './prediction-setup.js';
export { type RealismOptions, type RealismSummary, runRealism } from './realism.js';
export { type FieldRecord, readRecord, recordCells } from './record.js';
export {
  DEFAULT_SEGMENTER,
  openPackageNetwork,
  openSegmenter,
  SEGMENTER_NAMES,
  SHIPPED_CELLS,
  SHIPPED_NUCLEI,
} from './segmenter-file.js';
export { exploreStore } from './store-exploration.js';
export { runSynthesis, type SynthesisOptions, type SynthesisRun } from './synthesis.js';
export { readSynthSettings, type SettingsFile } from './synthesis-settings.js';
export { VERSION } from './version.js';
