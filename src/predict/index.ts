/** The main job: a field of view goes in, cells with scores come out. Platform-neutral. */
export { classifyCells } from './cell-scores.js';
export {
  type Correction,
  type Corrections,
  correctedLocations,
  trainCsv,
  truthCsv,
} from './corrections.js';
export {
  cellAnnotations,
  cellsCoco,
  cellsCsv,
  cellsGeoJson,
  fieldsCsv,
  submissionCells,
  submissionCsv,
} from './documents.js';
export { weightScores } from './edge.js';
export { type CellExplanation, type Explanation, explainCells } from './explanation.js';
export { type PredictOptions, predictField } from './field.js';
export {
  type CellPrediction,
  EDGE_POLICIES,
  type EdgePolicy,
  type FieldPrediction,
  type Segmenter,
} from './prediction.js';
export {
  callLocations,
  type FieldScores,
  type RankedLocation,
  rankLocations,
  summarizeScores,
} from './summary.js';
export { cellColumns, cellRow, type FieldSummary, fieldColumns, fieldRow } from './tables.js';
export { describeVariation, measureVariation, type Variation } from './variation.js';
export { type CellVerdict, DEFAULT_THRESHOLD, judgeCell, type Verdict } from './verdict.js';
