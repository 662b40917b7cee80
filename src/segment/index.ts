/** Finds the cells of a field of view and their nuclei. Platform-neutral. */
export { segmentClassical } from './classical.js';
