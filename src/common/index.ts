/** The ground under every layer: errors, the 19 locations, seeded random numbers. Imports nothing. */

export { formatCsvRow } from './csv-row.js';
export { atan2, cos, exp, log, sin } from './elementary.js';
export {
  CytolocusError,
  InputError,
  type MessageValues,
  ModelError,
  ShapeError,
  UsageError,
} from './errors.js';
export { groupBy } from './group-by.js';
export { LOCATIONS, LOCATIONS_FRENCH, type LocationScores, locationIndex, NEGATIVE } from './locations.js';
export { createRandom, type Random } from './random.js';
export { shuffled } from './shuffled.js';
