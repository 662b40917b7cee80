import { createRandom, exp, type Random } from '../common/index.js';
import type { Box, Channel, FieldOfView, FloatPlane, Plane, Segmentation } from '../imaging/index.js';
import { type Anatomy, cellBoxes, surveyCell } from './anatomy.js';
import { drawCellLocations, drawFieldLocations, SPINDLE } from './labels.js';
import { type Layout, layOutCells } from './layout.js';
import { type Dye, drawOptics, record, STRAY_BLOCK, seeThrough, strayPlane } from './optics.js';
import { drawProtein } from './protein.js';
import { drawEr, drawMicrotubules, drawNucleus, drawStainStyle } from './reference.js';
import { type SynthSettings, validateSynthSettings } from './settings.js';
import { cropLabels } from './truth.js';

/** A field of view whose truth is known. */
export interface SyntheticField {
  readonly field: FieldOfView;
  /** Cells 1 to n in raster order of their first pixel; nucleus k lies in cell k. Cells whose nucleus lies beyond the border are lit but not numbered. */
  readonly segmentation: Segmentation;
  /** The weak label: ascending class ids. */
  readonly locations: number[];
  /** Entry k - 1: what cell k shows, ascending class ids; `[18]` = nothing. */
  readonly cellLocations: number[][];
}

/**
 * How channels differ from the settings' microscope. Width of the point spread: antibodies make filaments thicker. Photons for the same brightness: DAPI is bright, the protein often
 * scarce; fitted to the power spectra of hpa/channels above 0.3 cycles a pixel, where noise outweighs structure. Haze: a
 * nucleus is thin and stands alone. Offset taken off, which leaves few pixels lit where there is nothing: in hpa/channels
 * 2 % in the darkest tenth of a field (median), next to none in the nuclear channel.
 */
const DYES: Record<Channel, Dye> = {
  microtubules: { psf: 1, photons: 2.2, haze: 1, offset: 1 },
  protein: { psf: 1, photons: 0.6, haze: 1, offset: 1 },
  nuclei: { psf: 1, photons: 5, haze: 0.4, offset: 1.6 },
  er: { psf: 1, photons: 1.2, haze: 1, offset: 1 },
};

/** Keys of the random streams: each part of the work has its own, so that one can change without the others. */
const STREAM = {
  locations: 1,
  layout: 2,
  stains: 3,
  cells: 4,
  truth: 5,
  optics: 6,
  noise: 7,
  gain: 8,
  protein: 9,
  focus: 10,
};

/**
 * Gains, as the median and the log-scale spread over fields of the brightness (share of full scale) of what is bright in
 * a channel: fitted so that the 99th percentiles spread as in 350 single channels of the 2018 competition (medians of
 * red 143, green 79, blue 137, yellow 122 of 255, 5th to 95th percentile a factor of about ten).
 */
const GAINS = {
  microtubules: { median: 0.34, spread: 0.65, most: 0.65 },
  protein: { median: 0.28, spread: 0.6, most: 0.9 },
  nuclei: { median: 0.42, spread: 0.5, most: 0.7 },
  er: { median: 0.33, spread: 0.6, most: 0.9 },
};

/**
 * Makes field `index` of the settings: the same bytes on every machine, in any order and by any number of workers.
 * Its id is `synth-SEED-INDEX (five digits)`.
 * @throws InputError `bad-synth-settings`
 */
export function simulateField(settings: SynthSettings, index: number): SyntheticField {
  validateSynthSettings(settings);
  const random = createRandom(settings.seed).fork(index);
  const { locations, layout } = planField(random, settings);
  const { segmentation, shown } = cropLabels(layout, settings);
  // Cells that do not count, because the border cuts too much off, still light the image.
  const mitotic = layout.seeds.map((seed) => seed.mitotic);
  const drawn = drawCellLocations(
    random.fork(STREAM.truth).fork(1),
    settings.labelNoise,
    locations,
    shown.map((label) => mitotic[label - 1]),
  );
  const ofSeed = layout.seeds.map((_, k) => {
    const order = shown.indexOf(k + 1);
    if (order >= 0) return drawn[order];
    return drawCellLocations(random.fork(STREAM.truth).fork(k + 2), settings.labelNoise, locations, [
      mitotic[k],
    ])[0];
  });
  const light = lightCells(random, layout, ofSeed, settings);
  const channels = photograph(random, light, settings);
  const { width, height, pixelSizeUm } = settings;
  return {
    field: {
      id: `synth-${settings.seed}-${`${index}`.padStart(5, '0')}`,
      width,
      height,
      pixelSizeUm,
      channels,
    },
    segmentation,
    locations,
    cellLocations: drawn,
  };
}

/**
 * What a field shows before any light: its label and where all cells lie, those that do not count included.
 * @param random the field's own: the seed's, forked by the index
 */
export function planField(random: Random, settings: SynthSettings): { locations: number[]; layout: Layout } {
  const locations = drawFieldLocations(random.fork(STREAM.locations), settings);
  const dividing = locations.includes(SPINDLE) ? 1 + random.fork(STREAM.truth).integer(3) : 0;
  return { locations, layout: layOutCells(random.fork(STREAM.layout), settings, dividing) };
}

/** One stain's light, parted by how far from the plane of focus it comes. */
interface StainLight {
  readonly inFocus: FloatPlane;
  /** As `strayPlane`. */
  readonly outOfFocus: FloatPlane;
}

type Light = Record<Channel, StainLight>;

/** Draws every cell's stains into planes of the field's size. */
function lightCells(
  random: Random,
  layout: Layout,
  locations: readonly (readonly number[])[],
  settings: SynthSettings,
): Light {
  const { width, height, pixelSizeUm } = settings;
  const plane = (): FloatPlane => ({ width, height, bitDepth: 32, data: new Float32Array(width * height) });
  const dark = (): StainLight => ({ inFocus: plane(), outOfFocus: strayPlane(width, height) });
  const light: Light = { microtubules: dark(), protein: dark(), nuclei: dark(), er: dark() };
  const stain = drawStainStyle(random.fork(STREAM.stains));
  const focus = random.fork(STREAM.focus);
  const blurredShare = focus.range(...settings.optics.blurredCells);
  const proteinRandom = random.fork(STREAM.protein);
  const expressionSpread = proteinRandom.range(0.1, 0.5);
  cellBoxes(layout).forEach((box, k) => {
    const cellRandom = random.fork(STREAM.cells).fork(k);
    if (box === null || !reachesField(box, layout, settings)) return;
    const cell = surveyCell(cellRandom.fork(1), layout, k + 1, box, pixelSizeUm);
    const microtubules = drawMicrotubules(cellRandom.fork(2), cell, stain);
    const er = drawEr(cellRandom.fork(3), cell, stain);
    const nucleus = drawNucleus(cellRandom.fork(4), cell, stain);
    const protein = drawProtein(cellRandom.fork(5), proteinRandom, cell, { microtubules, er }, locations[k]);
    // Cells lie at different heights: some only graze the section that is in focus.
    const cellFocus = focus.fork(k);
    const blurred = cellFocus.uniform() < blurredShare ? cellFocus.range(0.2, 1) : 0;
    const add = (channel: Channel, part: Float32Array, spread: number) => {
      const strength = exp(spread * cellRandom.normal()) * (1 - 0.5 * blurred);
      const { inFocus, outOfFocus } = light[channel];
      addToField(inFocus, 1, part, cell, settings, layout.marginPx, strength * (1 - blurred));
      if (blurred > 0) {
        addToField(outOfFocus, STRAY_BLOCK, part, cell, settings, layout.marginPx, strength * blurred);
      }
    };
    add('microtubules', microtubules, 0.35);
    add('er', er, 0.3);
    add('nuclei', nucleus, 0.25);
    add('protein', protein, expressionSpread);
  });
  return light;
}

function reachesField(box: Box, layout: Layout, settings: SynthSettings): boolean {
  const { x, y, width, height } = box;
  const { marginPx } = layout;
  return (
    x < marginPx + settings.width &&
    y < marginPx + settings.height &&
    x + width > marginPx &&
    y + height > marginPx
  );
}

/** Adds a cell's box to the field, which lies `marginPx` inside the layout's canvas; a pixel of `plane` sums `block` px a side. */
function addToField(
  plane: FloatPlane,
  block: 1 | typeof STRAY_BLOCK,
  part: Float32Array,
  { box }: Anatomy,
  { width, height }: Pick<SynthSettings, 'width' | 'height'>,
  marginPx: number,
  strength: number,
): void {
  const { data } = plane;
  const left = box.x - marginPx;
  const top = box.y - marginPx;
  const fromX = Math.max(0, -left);
  const toX = Math.min(box.width, width - left);
  const fromY = Math.max(0, -top);
  const toY = Math.min(box.height, height - top);
  const shift = block === 1 ? 0 : 2;
  for (let y = fromY; y < toY; y++) {
    const from = y * box.width;
    const to = ((y + top) >> shift) * plane.width;
    for (let x = fromX; x < toX; x++) {
      // Tails of exponentials end in subnormal numbers, which make every later sum slow.
      const value = strength * part[from + x];
      if (value > 1e-6) data[to + ((x + left) >> shift)] += value;
    }
  }
}

/** Takes the field's four pictures. */
function photograph(random: Random, light: Light, settings: SynthSettings): FieldOfView['channels'] {
  const gains = random.fork(STREAM.gain);
  const gainOf = (key: number, gain: (typeof GAINS)[Channel]) =>
    Math.min(gain.most, gain.median * exp(gain.spread * gains.fork(key).normal()));
  // Neighbours in the spectrum: each channel's light leaks a little into the next.
  const take = (key: number, channel: Channel, neighbour: Channel, gain: number): Plane => {
    const own = light[channel];
    const next = light[neighbour];
    const optics = drawOptics(random.fork(STREAM.optics).fork(key), settings.optics, DYES[channel]);
    const leak = gain * optics.bleedThrough;
    const inFocus = mixLight(own.inFocus, next.inFocus, gain, leak);
    const outOfFocus = mixLight(own.outOfFocus, next.outOfFocus, gain, leak);
    const seen = seeThrough(inFocus, outOfFocus, optics, settings.pixelSizeUm);
    return record(seen, random.fork(STREAM.noise).fork(key), optics, settings.bitDepth);
  };
  return {
    microtubules: take(0, 'microtubules', 'er', gainOf(0, GAINS.microtubules)),
    protein: take(1, 'protein', 'er', gainOf(1, GAINS.protein) * settings.optics.proteinGain),
    nuclei: take(2, 'nuclei', 'protein', gainOf(2, GAINS.nuclei)),
    er: take(3, 'er', 'microtubules', gainOf(3, GAINS.er)),
  };
}

function mixLight(own: FloatPlane, neighbour: FloatPlane, gain: number, leak: number): FloatPlane {
  const from = own.data;
  const next = neighbour.data;
  const data = new Float32Array(from.length);
  for (let i = 0; i < data.length; i++) data[i] = gain * from[i] + leak * next[i];
  return { ...own, data };
}
