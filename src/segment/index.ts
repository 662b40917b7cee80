/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export { segmentClassical } from './classical.js';
export { HPA_NATIVE_SIZES, type HpaPair, type HpaSizes, hpaCells, segmentByHpaPair } from './hpa.js';
export { closeLabels, fillLabelHoles } from './label-morphology.js';
export { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
export { PICTURE_NUCLEI, type SegmenterNetworks, type StageListener, segmentByNetworks } from './network.js';
