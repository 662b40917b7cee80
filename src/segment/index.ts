/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export { segmentClassical } from './classical.js';
export { type HpaPair, segmentByHpaPair } from './hpa.js';
export { closeLabels, fillLabelHoles } from './label-morphology.js';
export { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
export { PICTURE_NUCLEI, type SegmenterNetworks, type StageListener, segmentByNetworks } from './network.js';
