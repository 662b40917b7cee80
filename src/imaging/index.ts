/** Ground layer for pixels: planes, label images, filters, labelling, watershed, pictures. Platform-neutral. */
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
