/** Scores of segmentations and locations: the competition's metric, AP, matching of cells, submission rows. Platform-neutral. */
export { averagePrecision, envelopeAveragePrecision, rankByScore } from './average-precision.js';
export {
  type ClassScore,
  type CompetitionOptions,
  type CompetitionScore,
  type CompetitionTally,
  competitionMap,
  createCompetitionTally,
  type Detection,
  meanOfNumbers,
  type RankedDetections,
  type ScoredImage,
  type TruthObject,
} from './competition.js';
export { type InstanceMatch, type InstancePair, matchInstances, matchOverlaps } from './instances.js';
export { type LabelOverlaps, type Overlaps, overlapsOfLabels, overlapsOfMasks } from './overlaps.js';
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
