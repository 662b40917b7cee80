/** Labels and truth that belong to fields of view: label tables, truth folders, splits by image. */
export { FOLD_2018 } from './classes2018.js';
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
export { splitImages } from './split.js';
export { readTruthLocations, readTruthSegmentation, type TruthLocations } from './truth.js';
