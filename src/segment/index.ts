/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export { segmentClassical } from './classical.js';
export { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
export { PICTURE_NUCLEI, type SegmenterNetworks, type StageListener, segmentByNetworks } from './network.js';
