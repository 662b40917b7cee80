/** Ground layer for pixels: planes, label images, filters, labelling, watershed, pictures. Platform-neutral. */
export { CHANNEL_COLOURS, channelPlane, compositePlanes, type PictureSamples } from './channel-plane.js';
export { CHANNEL_WORDS } from './channel-words.js';
export { cytoplasmLabels, mergeMasks } from './compartments.js';
export { labelComponents } from './components.js';
export { distanceTransform } from './distance.js';
export { gaussianBlur } from './gaussian.js';
export { type HeatMap, heatAt, heatColour, renderHeat } from './heat.js';
export { fillHoles } from './holes.js';
export { labelMeans } from './label-means.js';
export { splitLobes } from './lobes.js';
export { maskWhere } from './mask.js';
export { closeDisk, dilateDisk, erodeDisk, openDisk } from './morphology.js';
export { assignChannels, type ChannelPages, guessChannels } from './ome-channels.js';
export { type OmeChannel, type OmeImage, parseOmeXml, squarePixelUm } from './ome-xml.js';
export { otsuThreshold } from './otsu.js';
export { DISPLAY_COLOURS, drawOutlinesAndNumbers, renderOverlay } from './overlay.js';
export { renderPanels } from './panels.js';
export { percentile } from './percentile.js';
export { labelPieces } from './pieces.js';
export { assumedPixelSizeUm, LARGEST_PIXEL_SIZE_UM } from './pixel-size.js';
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
export { measureRegions, medianDiameterPx, type Region } from './regions.js';
export { resizeArea, resizeLabels, scaledSize } from './resize.js';
export { smoothLabels } from './smooth-labels.js';
export { energyBelow } from './spectrum.js';
export { stackRgb } from './stack.js';
export { watershed } from './watershed.js';
