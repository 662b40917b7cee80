/**
 * Labels and truth that belong to fields of view: label tables, truth folders, splits by image, balance, the page that
 * shows them; and stores of crops.
 */
export {
  BALANCES,
  type Balance,
  type BalanceOptions,
  type BalancePlan,
  balancedCounts,
  countLocations,
  planBalance,
  sampleWeights,
} from './balance.js';
export { FOLD_2018 } from './classes2018.js';
export type {
  Example,
  Exploration,
  ExploredCell,
  ExploredFields,
  MaskingExample,
} from './explore/exploration.js';
export { LANGUAGES, type Language } from './explore/words.js';
export { describeLabels, type LabelStatistics } from './label-statistics.js';
export {
  foldClasses,
  type JoinedLabels,
  joinLabels,
  type LabelSets,
  type LabelTable,
  listed,
  readLabelSets,
  readLabels,
} from './labels.js';
export { type Fold, splitFolds, splitImages } from './split.js';
export * from './store/index.js';
export { readTruthLocations, readTruthSegmentation, type TruthLocations } from './truth.js';
