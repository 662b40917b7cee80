import { exp, log, type Random } from '../common/index.js';
import { type FloatPlane, gaussianBlur, type Plane, resizeArea } from '../imaging/index.js';
import type { OpticsSettings } from './settings.js';

/** Read-noise values to draw from: a power of two, more than a row has pixels. */
const NOISE_TABLE = 16384;
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

/**
 * Light as the microscope spreads it: the point spread function (a Gaussian: Zhang, Zerubia & Olivo-Marin 2007), a share
 * of out-of-focus haze, all of the light of what lies out of focus, and less light towards the corners.
 */
export function seeThrough(
  inFocus: FloatPlane,
  outOfFocus: FloatPlane,
  optics: Optics,
  pixelSizeUm: number,
): FloatPlane {
  const { width, height } = inFocus;
  const sharp = gaussianBlur(inFocus, optics.psfSigmaUm / pixelSizeUm);
  // A plain loop, where `Float32Array.from` is ten times slower.
  const stray = new Float32Array(inFocus.data.length);
  for (let i = 0; i < stray.length; i++) stray[i] = optics.haze * inFocus.data[i] + outOfFocus.data[i];
  // Haze is smooth: filtered at a quarter of the size it looks the same and costs a fraction.
  const small = resizeArea({ ...inFocus, data: stray }, Math.ceil(width / 4), Math.ceil(height / 4));
  const haze = resizeArea(gaussianBlur(small, optics.hazeSigmaUm / pixelSizeUm / 4), width, height);
  const centreX = optics.lightX * width;
  const centreY = optics.lightY * height;
  const reach = 1 / (0.5 * (width * width + height * height));
  const { data } = sharp;
  for (let y = 0, i = 0; y < height; y++) {
    const dy2 = (y - centreY) * (y - centreY);
    for (let x = 0; x < width; x++, i++) {
      const away = (dy2 + (x - centreX) * (x - centreX)) * reach;
      const light = (1 - optics.haze) * data[i] + haze.data[i];
      data[i] = light * (1 - optics.uneven * Math.min(1, 2 * away));
    }
  }
  return sharp;
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
  // One table, entered at a random place each row: a fresh normal number a pixel would take as long as all the rest.
  const table = Float32Array.from({ length: NOISE_TABLE }, () => readNoise * random.normal() - offset);
  for (let y = 0, i = 0; y < height; y++) {
    let entry = random.integer(NOISE_TABLE);
    for (let x = 0; x < width; x++, i++) {
      entry = (entry + 1) & (NOISE_TABLE - 1);
      const mean = data[i] * photonsAtFullScale;
      const photons = mean < LEAST_MEAN ? 0 : drawPoisson(random, mean);
      const value = photons / photonsAtFullScale + table[entry];
      out[i] = value <= 0 ? 0 : value >= 1 ? full : Math.round(value * full);
    }
  }
  return { width, height, bitDepth, data: out };
}

/**
 * A Poisson number: by adding up probabilities below a mean of 12, above it by the normal limit of the square root
 * (variance 1/4; Anscombe 1948).
 */
function drawPoisson(random: Random, mean: number): number {
  if (mean > 12) {
    const root = Math.sqrt(mean) + 0.5 * random.normal();
    return root * root - 0.25;
  }
  const draw = random.uniform();
  // exp(-mean) is at least 1 - mean: most dark pixels are settled without it.
  if (draw < 1 - mean) return 0;
  let probability = exp(-mean);
  let mark = draw - probability;
  let count = 0;
  while (mark >= 0 && count < 60) {
    count++;
    probability *= mean / count;
    mark -= probability;
  }
  return count;
}
