/** Cells cut out of fields of view and resized to a network's input. Platform-neutral. */
export { cropsToBytes } from './bytes.js';
export { type CellBox, cutCrop, cutCrops } from './crop.js';
export { measureLevels } from './levels.js';
export {
  type CropOptions,
  cropOfSize,
  DEFAULT_CROP,
  MASKINGS,
  type Masking,
  type Normalisation,
  RESIZE_KINDS,
  type ResizePolicy,
} from './options.js';
export { cropPicture } from './picture.js';
export { cropOptionsSchema } from './schema.js';
export {
  adviseSize,
  type CellDetail,
  compareSizes,
  type Description,
  describeNumbers,
  type SizeEffect,
  TOLERATED_LOSS,
} from './size-advice.js';
export { cropWindow, type Window } from './window.js';
