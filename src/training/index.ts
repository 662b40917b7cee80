/** Recipes: from folders of labelled fields of view to trained networks, and scores of what was trained. */
export {
  type AdaptationEvents,
  type AdaptationRecipe,
  type AdaptedClassifier,
  adaptClassifier,
  type Calibrate,
  DEFAULT_ADAPTATION,
} from './adaptation.js';
export type { FieldRanking, JudgedField } from './adaptation-judgement.js';
export { type Augmentation, DEFAULT_AUGMENTATION } from './augmentation.js';
export { type FieldCells, gatherCells, type LeftOut, leftOutOf, type Outlines, targetsOf } from './cells.js';
export { type TrainedClassifier, type TrainingEvents, trainClassifier } from './classifier.js';
export { type CutField, type CuttingPool, openCuttingPool } from './cutting.js';
export {
  DEFAULT_DETECTOR_RECIPE,
  type DetectorRecipe,
  type TrainedDetector,
  trainDetector,
} from './detector.js';
export { fitFieldModel, learnFieldModel, type ScoredField } from './field-model.js';
export { type LoaderOptions, openBatchPool, openLoader, type StoreLoader } from './loader/index.js';
export { type ClassifierRecipe, DEFAULT_RECIPE } from './recipe.js';
export { joinRows, type RankingScores, rankingScores } from './scores.js';
export {
  DEFAULT_SEGMENTER_RECIPE,
  type SegmenterRecipe,
  type TrainedSegmenter,
  trainSegmenter,
} from './segmenter.js';
export {
  BAG_POOLINGS,
  type BagPooling,
  DEFAULT_WEAK_LABELS,
  WEAK_LABEL_METHODS,
  type WeakLabelMethod,
  type WeakLabels,
} from './weak-labels.js';
