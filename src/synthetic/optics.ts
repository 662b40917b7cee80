import { exp, log, type Random } from '../common/index.js';
import { type FloatPlane, gaussianBlur, type Plane } from '../imaging/index.js';
import type { OpticsSettings } from './settings.js';

/** Noise values to draw from: a power of two, more than a row has pixels. */
const NOISE_TABLE = 16384;
/** How far the point spread reaches: beyond lies 1 % of its light, which it gets within. */
const PSF_SIGMAS = 3;
/** Below this mean even one photon is too rare to matter. */
const LEAST_MEAN = 2e-4;

/** One field's microscope, drawn from the settings' ranges. */
export interface Optics {
  readonly psfSigmaUm: number;
  readonly haze: number;
  readonly hazeSigmaUm: number;
  readonly photonsAtFullScale: number;
  readonly readNoise: number;
  readonly offset: number;
  readonly uneven: number;
  /** Centre of the light, as shares of width and height. */
  readonly lightX: number;
  readonly lightY: number;
  readonly bleedThrough: number;
}

/** How one channel's stain differs from the settings: factors on the width of its point spread, its photons, its haze, and the offset taken off. */
export interface Dye {
  readonly psf: number;
  readonly photons: number;
  readonly haze: number;
  readonly offset: number;
}

/** Draws what one channel of one field is seen with. */
export function drawOptics(random: Random, settings: OpticsSettings, dye: Dye): Optics {
  const [low, high] = settings.photonsAtFullScale;
  const readNoise = random.range(...settings.readNoise);
  const psfSigmaUm = dye.psf * random.range(...settings.psfSigmaUm);
  const [leastHaze, mostHaze] = settings.haze;
  const hazeDraw = random.uniform();
  return {
    psfSigmaUm,
    // Squared, since most fields have little.
    haze: dye.haze * (leastHaze + (mostHaze - leastHaze) * hazeDraw * hazeDraw),
    hazeSigmaUm: random.range(0.8, 3),
    photonsAtFullScale: dye.photons * low * exp(log(high / low) * random.uniform()),
    readNoise,
    // The atlas's images have had a background taken off: most empty pixels are 0.
    offset: dye.offset * readNoise * random.range(0.7, 2.8),
    uneven: random.range(...settings.uneven),
    lightX: random.range(0.3, 0.7),
    lightY: random.range(0.3, 0.7),
    bleedThrough: random.range(...settings.bleedThrough),
  };
}

/** How many times smaller planes of light from out of focus are, a side: it is smooth, and looks the same. */
export const STRAY_BLOCK = 4;

/** Room for light from out of focus: sums over blocks of `STRAY_BLOCK` px a side of a field of that size. */
export function strayPlane(width: number, height: number): FloatPlane {
  const columns = Math.ceil(width / STRAY_BLOCK);
  const rows = Math.ceil(height / STRAY_BLOCK);
  return { width: columns, height: rows, bitDepth: 32, data: new Float32Array(columns * rows) };
}

/**
 * Light as the microscope spreads it: the point spread function (a Gaussian: Zhang, Zerubia & Olivo-Marin 2007), a share
 * of out-of-focus haze, all of the light of what lies out of focus, and less light towards the corners.
 * @param outOfFocus as `strayPlane`
 */
export function seeThrough(
  inFocus: FloatPlane,
  outOfFocus: FloatPlane,
  optics: Optics,
  pixelSizeUm: number,
): FloatPlane {
  const { width, height } = inFocus;
  const sharp = gaussianBlur(inFocus, optics.psfSigmaUm / pixelSizeUm, PSF_SIGMAS);
  const stray = gaussianBlur(
    meanStray(inFocus, outOfFocus, optics.haze),
    optics.hazeSigmaUm / pixelSizeUm / STRAY_BLOCK,
    PSF_SIGMAS,
  );
  const centreX = optics.lightX * width;
  const centreY = optics.lightY * height;
  const reach = 2 / (0.5 * (width * width + height * height));
  const { data } = sharp;
  const mixed = new Float32Array(stray.width);
  const haze = new Float32Array(stray.width * STRAY_BLOCK);
  for (let y = 0, i = 0; y < height; y++) {
    const dy2 = (y - centreY) * (y - centreY);
    stretchRow(stray, y, mixed, haze);
    for (let x = 0; x < width; x++, i++) {
      const away = (dy2 + (x - centreX) * (x - centreX)) * reach;
      const light = (1 - optics.haze) * data[i] + haze[x];
      data[i] = light * (1 - optics.uneven * (away < 1 ? away : 1));
    }
  }
  return sharp;
}

/** The share of light in focus that strays, and all that is out of focus, as means over blocks. */
function meanStray(inFocus: FloatPlane, outOfFocus: FloatPlane, share: number): FloatPlane {
  const { width, height, data } = inFocus;
  const { width: columns, height: rows } = outOfFocus;
  const means = new Float32Array(columns * rows);
  const sums = new Float64Array(columns * STRAY_BLOCK);
  for (let row = 0, k = 0; row < rows; row++) {
    const end = Math.min(height, (row + 1) * STRAY_BLOCK);
    sums.fill(0);
    for (let y = row * STRAY_BLOCK; y < end; y++) {
      for (let x = 0, i = y * width; x < width; x++, i++) sums[x] += data[i];
    }
    for (let column = 0; column < columns; column++, k++) {
      const first = column * STRAY_BLOCK;
      const pixels = (end - row * STRAY_BLOCK) * Math.min(STRAY_BLOCK, width - first);
      const sum = sums[first] + sums[first + 1] + sums[first + 2] + sums[first + 3];
      means[k] = (share * sum + outOfFocus.data[k]) / pixels;
    }
  }
  return { width: columns, height: rows, bitDepth: 32, data: means };
}

/** Row `y` of a plane of block means at full size, linear between the blocks' centres. */
function stretchRow(means: FloatPlane, y: number, mixed: Float32Array, out: Float32Array): void {
  const { width, height, data } = means;
  const centre = Math.min(height - 1, Math.max(0, (y + 0.5) / STRAY_BLOCK - 0.5));
  const above = Math.floor(centre);
  const below = Math.min(height - 1, above + 1);
  const share = centre - above;
  for (let k = 0; k < width; k++) {
    const from = data[above * width + k];
    mixed[k] = from + (data[below * width + k] - from) * share;
  }
  for (let k = 0, x = 0; k < width; k++, x += STRAY_BLOCK) {
    const here = mixed[k];
    const left = (k > 0 ? mixed[k - 1] : here) - here;
    const right = (k < width - 1 ? mixed[k + 1] : here) - here;
    out[x] = here + 0.375 * left;
    out[x + 1] = here + 0.125 * left;
    out[x + 2] = here + 0.125 * right;
    out[x + 3] = here + 0.375 * right;
  }
}

/**
 * What the camera records of light in [0, 1]: photons arrive at random (Poisson), the electronics add noise, an offset
 * is taken off, and all is rounded and cut to full scale.
 */
export function record(plane: FloatPlane, random: Random, optics: Optics, bitDepth: 8 | 16): Plane {
  const { width, height, data } = plane;
  const full = bitDepth === 8 ? 255 : 65535;
  const out = bitDepth === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  const { photonsAtFullScale, readNoise, offset } = optics;
  const grey = full / photonsAtFullScale;
  // Tables, entered at random places each row: fresh normal numbers a pixel would take as long as all the rest.
  const read = Float32Array.from(
    { length: NOISE_TABLE },
    () => full * (readNoise * random.normal() - offset) + 0.5,
  );
  const shot = Float32Array.from({ length: NOISE_TABLE }, () => 0.5 * random.normal());
  for (let y = 0, i = 0; y < height; y++) {
    let readEntry = random.integer(NOISE_TABLE);
    let shotEntry = random.integer(NOISE_TABLE);
    for (let x = 0; x < width; x++, i++) {
      readEntry = (readEntry + 1) & (NOISE_TABLE - 1);
      const mean = data[i] * photonsAtFullScale;
      let photons = 0;
      if (mean > MOST_COUNTED_MEAN) {
        // The normal limit of a Poisson number's square root: variance 1/4 (Anscombe 1948).
        shotEntry = (shotEntry + 1) & (NOISE_TABLE - 1);
        const root = Math.sqrt(mean) + shot[shotEntry];
        photons = root * root - 0.25;
      } else if (mean >= LEAST_MEAN) {
        photons = countPhotons(mean, random.uniform());
      }
      const value = grey * photons + read[readEntry];
      // Cut off after a half was added: rounded.
      out[i] = value <= 0 ? 0 : value >= full ? full : value;
    }
  }
  return { width, height, bitDepth, data: out };
}

/** Up to this mean Poisson numbers are counted; their square root is normal above it. */
const MOST_COUNTED_MEAN = 12;
/** Means that have a row in the table, equally far apart in their square roots, and the counts in a row. */
const MEANS = 1024;
const COUNTS = 40;

/** For each mean the probability of at most 0, 1, ... photons. */
const AT_MOST = new Float64Array(MEANS * COUNTS);
for (let k = 0; k < MEANS; k++) {
  const mean = ((k + 0.5) / MEANS) * ((k + 0.5) / MEANS) * MOST_COUNTED_MEAN;
  let probability = exp(-mean);
  let sum = 0;
  for (let count = 0; count < COUNTS; count++) {
    sum += probability;
    AT_MOST[k * COUNTS + count] = sum;
    probability *= mean / (count + 1);
  }
}
const MEANS_A_ROOT = MEANS / Math.sqrt(MOST_COUNTED_MEAN);

/** A Poisson number: where a uniform draw falls among the table's probabilities. */
function countPhotons(mean: number, draw: number): number {
  // exp(-mean) is at least 1 - mean: most dark pixels are settled without the table.
  if (draw < 1 - mean) return 0;
  const row = Math.min(MEANS - 1, (Math.sqrt(mean) * MEANS_A_ROOT) | 0) * COUNTS;
  let count = draw < AT_MOST[row + 7] ? 0 : 8;
  while (count < COUNTS && draw >= AT_MOST[row + count]) count++;
  return count;
}
