/** Ground layer for pixels: planes, label images, filters, labelling, watershed, pictures. Platform-neutral. */
export { gaussianBlur } from './gaussian.js';
export { percentile } from './percentile.js';
export {
  type Box,
  CHANNELS,
  type Channel,
  type FieldOfView,
  type FloatPlane,
  fullScale,
  type LabelImage,
  type Plane,
  type RgbImage,
  type Segmentation,
  toFloatPlane,
} from './plane.js';
export { measureRegions, type Region } from './regions.js';
export { resizeArea, resizeLabels } from './resize.js';
