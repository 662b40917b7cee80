/** Predictions on disk against truth on disk: scores, comparison of two models, check of submission files, report. */
export { checkSubmission } from './check.js';
export { type Evaluation, evaluateAgainst, evaluateFiles } from './evaluation.js';
export { type EvaluationFormat, formatOf } from './format.js';
export { evaluateLabels, type LabelEvaluation } from './image-labels.js';
export { differenceOf, type HeadlineIntervals, intervalsOf } from './intervals.js';
export { type EvaluationReport, writeEvaluationReport } from './report.js';
export { evaluationJson, intervalsJson, labelEvaluationJson } from './summary.js';
export { openTruth, type TruthSource } from './truth.js';
