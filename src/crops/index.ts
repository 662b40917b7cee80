/** Cells cut out of fields of view and resized to a network's input. Platform-neutral. */
export { cropsToBytes } from './bytes.js';
export { type CellBox, cutCrop, cutCrops } from './crop.js';
export { measureLevels } from './levels.js';
export {
  type CropOptions,
  DEFAULT_CROP,
  MASKINGS,
  type Masking,
  type Normalisation,
  RESIZE_KINDS,
  type ResizePolicy,
} from './options.js';
export { cropOptionsSchema } from './schema.js';
