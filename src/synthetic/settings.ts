import { InputError, LOCATIONS } from '../common/index.js';

/** Cell-line styles: flat and spread, rounded and dense, long and thin; `mixed` draws one a field. */
export const CELL_STYLES = ['spread', 'compact', 'elongated'] as const;
export type CellStyle = (typeof CELL_STYLES)[number];

/** How cells differ from their field's label: shares of cells, summing to 1. */
export interface LabelNoise {
  /** The cell shows exactly the field's locations. */
  readonly exact: number;
  /** It shows some of them. */
  readonly part: number;
  /** It shows none: `Negative`. */
  readonly none: number;
  /** It shows a location that the field's label does not name. */
  readonly other: number;
}

/** The microscope. Ranges `[low, high]` are drawn from once a field. */
export interface OpticsSettings {
  /** Standard deviation of the in-focus point spread function in um. */
  readonly psfSigmaUm: readonly [number, number];
  /** Share of the light that comes from out of focus, spread over some um. */
  readonly haze: readonly [number, number];
  /** Share of cells that lie at another height, blurred and dimmer. */
  readonly blurredCells: readonly [number, number];
  /** Photons that make full scale: fewer is noisier. Drawn log-uniformly. */
  readonly photonsAtFullScale: readonly [number, number];
  /** Standard deviation of the read noise, as a share of full scale. */
  readonly readNoise: readonly [number, number];
  /** Loss of light towards the corners, as a share. */
  readonly uneven: readonly [number, number];
  /** Share of a neighbouring channel that leaks in. */
  readonly bleedThrough: readonly [number, number];
  /** Multiplies the gain of the protein channel: below 1 is dimmer than the usual range. */
  readonly proteinGain: number;
}

/** All that `simulateField` needs; plain data that a JSON file can hold. */
export interface SynthSettings {
  readonly width: number;
  readonly height: number;
  /** Edge of a pixel in um. */
  readonly pixelSizeUm: number;
  readonly bitDepth: 8 | 16;
  /** 0 to 4294967295; field `index` of the same settings is always the same field. */
  readonly seed: number;
  /** `natural`: locations as frequent as in the 2021 competition's training table; `balanced`: equally frequent. */
  readonly labels: 'natural' | 'balanced';
  /** Class ids that a field's label is drawn from. */
  readonly locations: readonly number[];
  /** Most locations in a field's label, 1 to 5. */
  readonly maxLocations: number;
  readonly labelNoise: LabelNoise;
  readonly style: CellStyle | 'mixed';
  /** Share of the field that cells cover, drawn once a field. */
  readonly coverage: readonly [number, number];
  /** Cells to place, those that the border cuts included; null = as many as `coverage` asks for. */
  readonly cells: number | null;
  /**
   * Share of a nucleus that the field must show for its cell to be in the truth. 0, the default, follows the competition's
   * masks (HPA-Cell-Segmentation): any nucleus of which 16 um^2 are seen. The masks of
   * PRBioimages/Singlecell-protein-subcellular-location leave out most cells whose nucleus is cut: 0.9 gives their border.
   */
  readonly leastNucleusShare: number;
  readonly optics: OpticsSettings;
}

/**
 * A field of 512 px at 0.32 um a pixel: 164 um across, like the 2048 px fields at 0.08 um of the Human Protein Atlas.
 * Coverage and label noise are measured: 328 hand-checked instance masks and 5,090 cells labelled by hand
 * (PRBioimages/Singlecell-protein-subcellular-location).
 */
export const defaultSynthSettings: SynthSettings = {
  width: 512,
  height: 512,
  pixelSizeUm: 0.32,
  bitDepth: 8,
  seed: 1,
  labels: 'natural',
  locations: LOCATIONS.map((_, id) => id),
  maxLocations: 5,
  labelNoise: { exact: 0.48, part: 0.39, none: 0.1, other: 0.03 },
  style: 'mixed',
  coverage: [0.34, 0.93],
  cells: null,
  leastNucleusShare: 0,
  optics: {
    psfSigmaUm: [0.08, 0.16],
    haze: [0, 0.2],
    blurredCells: [0, 0.2],
    photonsAtFullScale: [20, 200],
    readNoise: [0.001, 0.008],
    uneven: [0, 0.3],
    bleedThrough: [0, 0.015],
    proteinGain: 1,
  },
};

const MAX_EDGE_PX = 8192;
const MAX_SEED = 4294967295;
/** Below this a cell would be over 20,000 px wide; above it, under 10. */
const PIXEL_SIZE_RANGE_UM = [0.02, 2];

/**
 * Checks settings that came from outside.
 * @throws InputError `bad-synth-settings` names the setting, its value and the values it may have.
 */
export function validateSynthSettings(settings: SynthSettings): void {
  requireInteger('width', settings.width, 1, MAX_EDGE_PX);
  requireInteger('height', settings.height, 1, MAX_EDGE_PX);
  requireRange('pixelSizeUm', settings.pixelSizeUm, PIXEL_SIZE_RANGE_UM[0], PIXEL_SIZE_RANGE_UM[1]);
  requireOneOf('bitDepth', settings.bitDepth, [8, 16]);
  requireInteger('seed', settings.seed, 0, MAX_SEED);
  requireOneOf('labels', settings.labels, ['natural', 'balanced']);
  requireOneOf('style', settings.style, [...CELL_STYLES, 'mixed']);
  requireInteger('maxLocations', settings.maxLocations, 1, 5);
  if (settings.cells !== null) requireInteger('cells', settings.cells, 0, 100_000);
  if (!Array.isArray(settings.locations) || settings.locations.length === 0) {
    reject('locations', settings.locations, `a list of one or more class ids 0 to ${LOCATIONS.length - 1}`);
  }
  for (const id of settings.locations) requireInteger('locations', id, 0, LOCATIONS.length - 1);
  validateLabelNoise(settings.labelNoise);
  requirePair('coverage', settings.coverage, 0, 1);
  requireRange('leastNucleusShare', settings.leastNucleusShare, 0, 1);
  const { optics } = settings;
  requirePair('optics.psfSigmaUm', optics.psfSigmaUm, 0, 5);
  requirePair('optics.haze', optics.haze, 0, 1);
  requirePair('optics.blurredCells', optics.blurredCells, 0, 1);
  requirePair('optics.photonsAtFullScale', optics.photonsAtFullScale, 1, 1e6);
  requirePair('optics.readNoise', optics.readNoise, 0, 1);
  requirePair('optics.uneven', optics.uneven, 0, 1);
  requirePair('optics.bleedThrough', optics.bleedThrough, 0, 1);
  requireRange('optics.proteinGain', optics.proteinGain, 0, 100);
}

function validateLabelNoise(noise: LabelNoise): void {
  const shares = [noise.exact, noise.part, noise.none, noise.other];
  for (const share of shares) requireRange('labelNoise', share, 0, 1);
  const sum = shares.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6) reject('labelNoise', noise, 'four shares that sum to 1');
}

function requireInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    reject(name, value, `a whole number from ${low} to ${high}`);
  }
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    reject(name, value, `a number from ${low} to ${high}`);
  }
}

function requirePair(name: string, pair: readonly [number, number], low: number, high: number): void {
  const good =
    Array.isArray(pair) && pair.length === 2 && pair[0] >= low && pair[1] <= high && pair[0] <= pair[1];
  if (!good) reject(name, pair, `[low, high] with ${low} <= low <= high <= ${high}`);
}

function requireOneOf(name: string, value: string | number, allowed: readonly (string | number)[]): void {
  if (!allowed.includes(value)) reject(name, value, `one of ${allowed.join(', ')}`);
}

function reject(name: string, value: unknown, expected: string): never {
  throw new InputError(
    'bad-synth-settings',
    `synthetic fields: ${name} is ${JSON.stringify(value)}, expected ${expected}`,
  );
}
