/** Parts layer: synthetic fields of view whose cells, nuclei and locations are known. Platform-neutral. */
export { type SyntheticField, simulateField } from './field.js';
export {
  CELL_STYLES,
  type CellStyle,
  defaultSynthSettings,
  type LabelNoise,
  type OpticsSettings,
  type SynthSettings,
  validateSynthSettings,
} from './settings.js';
