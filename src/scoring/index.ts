/** Scores of segmentations and locations: the competition's metric, AP, matching of cells, curves, calibration, submission rows. Platform-neutral. */
export { adjustScores, type ScoreAdjustment, scoresOfCells } from './adjusted-scores.js';
export { averagePrecision, envelopeAveragePrecision, rankByScore } from './average-precision.js';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapByImage,
  bootstrapDifference,
  type ImageStatistic,
} from './bootstrap.js';
export { type Calibration, type CalibrationBin, calibration } from './calibration.js';
export {
  type CellGroup,
  groupByBorder,
  groupByCrowding,
  groupBySize,
} from './cell-groups.js';
export { type CellRecord, calledLocations, cellRecords, FOUND_IOU } from './cell-records.js';
export { type CocoOptions, type CocoScore, type CocoTally, createCocoTally } from './coco-ap.js';
export {
  type ClassScore,
  type CompetitionOptions,
  type CompetitionScore,
  type CompetitionTally,
  competitionMap,
  createCompetitionTally,
  meanOfNumbers,
  type RankedDetections,
} from './competition.js';
export { confusionOf, type LocationConfusion } from './confusion.js';
export { bestF1, type OperatingPoint, precisionRecallCurve, rankItems } from './curves.js';
export {
  COMPETITION_IOU,
  createEvaluationTally,
  type EvaluationOptions,
  type EvaluationTally,
  type ImageScores,
  type LocationEvaluation,
  type LocationScore,
} from './evaluation.js';
export { type FieldContext, fieldScores, scoreInField } from './field-context.js';
export {
  FIELD_EVIDENCE,
  type FieldModel,
  fieldEvidence,
  likelyLocations,
  scoreByFieldModel,
} from './field-model.js';
export { type ImagePrediction, type ImageTruth, scoreCells, type TrueCell } from './image-cells.js';
export { type InstanceMatch, type InstancePair, matchInstances, matchOverlaps } from './instances.js';
export { scoreLabelledCells } from './labelled-cells.js';
export {
  applyThresholds,
  type ClassF1,
  type MultilabelOptions,
  type MultilabelScores,
  multilabelScores,
} from './multilabel.js';
export { NEGATIVE_SOURCES, type NegativeSource, withNegativeFromOthers } from './negative.js';
export { type LabelOverlaps, type Overlaps, overlapsOfLabels, overlapsOfMasks } from './overlaps.js';
export { calibrateScores, fitCalibration, logit, type ScoreCalibration } from './score-calibration.js';
export type { Detection, ScoredImage, TruthObject } from './scored-image.js';
export {
  createSegmentationTally,
  type SegmentationScores,
  type SegmentationTally,
  segmentationScores,
} from './segmentation.js';
export {
  parsePredictionString,
  SUBMISSION_COLUMNS,
  type SubmissionCell,
  type SubmissionOptions,
  type SubmissionPrediction,
  submissionRow,
} from './submission.js';
export {
  createSubmissionCheck,
  type SubmissionCheck,
  type SubmissionCheckOptions,
  type SubmissionProblem,
  type SubmissionReport,
} from './submission-check.js';
