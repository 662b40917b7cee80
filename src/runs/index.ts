/** Jobs over many fields on disk: they go on where they were stopped, and one bad field never stops the others. */
export { type ClassifierFile, openClassifier, SHIPPED_CLASSIFIER } from './classifier-file.js';
export { type Evaluation, evaluateFolders } from './evaluation.js';
export {
  type PredictionRun,
  type PredictionRunEvents,
  type PredictionRunOptions,
  runPrediction,
} from './prediction.js';
export { type RealismOptions, type RealismSummary, runRealism } from './realism.js';
export { type FieldRecord, recordCells } from './record.js';
export { runSynthesis, type SynthesisOptions, type SynthesisRun } from './synthesis.js';
export { readSynthSettings, type SettingsFile } from './synthesis-settings.js';
export { VERSION } from './version.js';
