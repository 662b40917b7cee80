import type { Random } from '../common/index.js';
import type { Anatomy } from './anatomy.js';
import { normaliseLight } from './brush.js';
import { drawFilament } from './filaments.js';
import { noisePlane, ridgePlane } from './noise.js';
import { drawSpindle } from './spindle.js';

/** What all cells of a field share in their reference stains: one cell line, one staining. */
export interface StainStyle {
  /** Microtubules a um^2 of cell. */
  readonly microtubuleDensity: number;
  /** How bent microtubules are, radians a um. */
  readonly microtubuleCurvature: number;
  /** How far microtubules stray from running outward from the nucleus, in radians: small = a fan, large = a mesh. */
  readonly microtubuleDisorder: number;
  /** How strongly microtubules follow the cell's long axis, 0 to 1. */
  readonly microtubuleAxisPull: number;
  /** Log-scale spread of the filaments' brightness: how much single bundles stand out. */
  readonly microtubuleBundling: number;
  /** 0 = filaments as bright at the edge as in the middle, 1 = as dim as the cell is thin. */
  readonly microtubuleFading: number;
  /** Share of tubulin that is not in filaments. */
  readonly freeTubulin: number;
  /** Share of filaments that pass over the nucleus instead of round it. */
  readonly overNucleus: number;
  /** Mesh of the endoplasmic reticulum in um. */
  readonly erMeshUm: number;
  /** 0 = evenly filled, 1 = a clear net. */
  readonly erContrast: number;
  /** Share of the brightness in the middle of the cell that the nucleus keeps: what lies above and below it. */
  readonly erOverNucleus: number;
  /** Strength of the speckle of single tubules and ribosome-rich sheets. */
  readonly erSpeckle: number;
  /** Distance in um over which the reticulum thins out from the nucleus. */
  readonly erReachUm: number;
  /** 0 = smooth nuclei, 1 = strongly grained chromatin. */
  readonly chromatinContrast: number;
  readonly chromatinGrainUm: number;
  /** Dye in the cytoplasm, as a share of the nucleus's brightness. */
  readonly cytoplasmicDye: number;
  /** Brightness left in nucleoli. */
  readonly nucleolusLight: number;
}

/** Draws a field's stains from the range seen in the 350 single channels of the 2018 competition (hpa/channels). */
export function drawStainStyle(random: Random): StainStyle {
  return {
    microtubuleDensity: random.range(0.14, 0.42),
    microtubuleCurvature: random.range(0.03, 0.2),
    microtubuleDisorder: random.range(0.3, 1.5),
    microtubuleAxisPull: random.range(0, 0.8),
    microtubuleBundling: random.range(0.3, 1.1),
    microtubuleFading: random.range(0, 1),
    freeTubulin: random.range(0.01, 0.12),
    overNucleus: random.range(0.1, 0.5),
    erMeshUm: random.range(1, 2.6),
    erContrast: random.range(0.1, 0.75),
    erOverNucleus: random.range(0.06, 0.3),
    erSpeckle: random.range(0.2, 1),
    erReachUm: random.range(5, 30),
    chromatinContrast: random.range(0.2, 1.1),
    chromatinGrainUm: random.range(0.8, 2),
    cytoplasmicDye: random.uniform() < 0.7 ? random.range(0, 0.005) : random.range(0.005, 0.08),
    nucleolusLight: random.range(0.1, 0.7),
  };
}

/**
 * Microtubules: stiff, gently bent filaments that grow from the centrosome and run along the edge when they reach it;
 * some start in the cytoplasm, most go round the nucleus (Alberts et al., Molecular Biology of the Cell, ch. 16).
 * In mitosis they form the spindle.
 */
export function drawMicrotubules(random: Random, cell: Anatomy, stain: StainStyle): Float32Array {
  const { box, thickness, nucleusUm } = cell;
  const plane = new Float32Array(box.width * box.height);
  if (cell.mitotic) {
    const spindle = drawSpindle(random, cell);
    for (let i = 0; i < plane.length; i++) plane[i] = spindle[i] + 0.12 * thickness[i];
    return normaliseLight(plane);
  }
  const count = Math.round(Math.min(420, Math.max(40, cell.areaUm2 * stain.microtubuleDensity)));
  const reachUm = Math.sqrt(cell.areaUm2 / Math.PI);
  for (let k = 0; k < count; k++) {
    const fromCentrosome = random.uniform() < 0.35;
    const start = fromCentrosome ? nearCentrosome(random, cell) : anywhere(random, cell);
    if (start === null) continue;
    const avoidsNucleus = random.uniform() > stain.overNucleus;
    const outward = Math.atan2(start.y - cell.nucleusCentre.y, start.x - cell.nucleusCentre.x);
    drawFilament(plane, random, cell, {
      ...start,
      heading: outward + stain.microtubuleDisorder * random.normal() + (random.uniform() < 0.3 ? Math.PI : 0),
      lengthUm: reachUm * random.range(0.5, 2),
      curvature: stain.microtubuleCurvature * random.range(0.5, 1.6),
      memoryUm: 5,
      axisPull: stain.microtubuleAxisPull * random.uniform(),
      edgeMarginUm: random.range(0.3, 1.6),
      avoidsNucleus,
      // Some filaments run in bundles, which are brighter.
      weight: Math.exp(stain.microtubuleBundling * random.normal()),
      overNucleus: 0.5,
    });
  }
  for (let i = 0; i < plane.length; i++) {
    plane[i] *= 1 - stain.microtubuleFading * (1 - Math.min(1, thickness[i]));
  }
  normaliseLight(plane);
  // Some tubulin is not in filaments, and a section blurs what lies above and below.
  for (let i = 0; i < plane.length; i++) {
    if (thickness[i] > 0) plane[i] += stain.freeTubulin * thickness[i] * (nucleusUm[i] < 0 ? 0.3 : 1);
  }
  return plane;
}

function nearCentrosome(random: Random, cell: Anatomy): { x: number; y: number } {
  const spreadPx = 1.6 / cell.pixelSizeUm;
  return {
    x: cell.centrosome.x + spreadPx * random.normal(),
    y: cell.centrosome.y + spreadPx * random.normal(),
  };
}

function anywhere(random: Random, cell: Anatomy): { x: number; y: number } | null {
  for (let attempt = 0; attempt < 60; attempt++) {
    const x = random.integer(cell.box.width);
    const y = random.integer(cell.box.height);
    const i = y * cell.box.width + x;
    if (cell.inside[i] === 1 && cell.nucleusUm[i] > 0) return { x, y };
  }
  return null;
}

/**
 * Endoplasmic reticulum: a net of tubules and sheets, continuous with the nuclear envelope, densest near the nucleus and
 * thinning outward; the nucleus is nearly dark (Alberts et al., ch. 12; HPA cell dictionary, "Endoplasmic reticulum").
 */
export function drawEr(random: Random, cell: Anatomy, stain: StainStyle): Float32Array {
  const { box, thickness, nucleusUm, edgeUm, pixelSizeUm, inside } = cell;
  const net = ridgePlane(random.fork(1), box.width, box.height, stain.erMeshUm / pixelSizeUm);
  const patches = noisePlane(random.fork(2), box.width, box.height, 4 / pixelSizeUm, 3);
  const grain = noisePlane(random.fork(3), box.width, box.height, 0.6 / pixelSizeUm, 2);
  const plane = new Float32Array(box.width * box.height);
  const envelopeLight = random.range(0, 0.2);
  const envelopeUm = random.range(0.2, 0.7);
  const nucleusLight = stain.erOverNucleus * random.range(0.7, 1.3);
  for (let i = 0; i < plane.length; i++) {
    if (inside[i] === 0) continue;
    const texture = 1 - stain.erContrast + stain.erContrast * 1.9 * net[i];
    const uneven = 0.3 + 1.4 * patches[i];
    const grained = Math.max(0, 1 + stain.erSpeckle * 2.6 * (grain[i] - 0.5));
    const overNucleus = nucleusLight * (0.3 + 1.4 * grain[i]);
    if (nucleusUm[i] < -envelopeUm && !cell.mitotic) {
      plane[i] = overNucleus;
      continue;
    }
    const distance = Math.max(0, nucleusUm[i]);
    const away = 0.25 + 0.75 * Math.exp(-distance / stain.erReachUm);
    const envelope = cell.mitotic || distance > 2 ? 0 : envelopeLight * Math.exp(-distance / 0.25);
    const tip = edgeUm[i] / (edgeUm[i] + 0.25);
    const cytoplasm = (0.3 + 0.7 * thickness[i]) * away * texture * uneven * grained * tip + envelope;
    // The nucleus is rounded: near its rim a section sees some of both.
    const outside = cell.mitotic ? 1 : Math.min(1, (nucleusUm[i] + envelopeUm) / (2 * envelopeUm));
    plane[i] = outside * cytoplasm + (1 - outside) * overNucleus;
  }
  if (cell.mitotic) {
    const spindle = drawSpindle(random.fork(4), cell);
    for (let i = 0; i < plane.length; i++) plane[i] *= Math.max(0.1, 1 - spindle[i]);
  }
  return normaliseLight(plane, 92);
}

/**
 * DNA: an even fill with chromatin grains, a slightly brighter rim and dark nucleoli; condensed and bright in mitosis.
 */
export function drawNucleus(random: Random, cell: Anatomy, stain: StainStyle): Float32Array {
  const { box, nucleusUm, nucleoli, pixelSizeUm, thickness } = cell;
  const coarse = noisePlane(
    random.fork(1),
    box.width,
    box.height,
    (2 * stain.chromatinGrainUm) / pixelSizeUm,
  );
  const fine = noisePlane(
    random.fork(2),
    box.width,
    box.height,
    (0.6 * stain.chromatinGrainUm) / pixelSizeUm,
    3,
  );
  const plane = new Float32Array(box.width * box.height);
  const contrast = cell.mitotic ? 0.4 : stain.chromatinContrast;
  const rim = random.range(0, 0.3);
  // A nucleus is a flattened ball: it thins out towards its rim.
  const rimUm = random.range(0.15, 0.5);
  for (let i = 0; i < plane.length; i++) {
    if (nucleusUm[i] >= rimUm) {
      plane[i] = stain.cytoplasmicDye * thickness[i] * (0.4 + 1.2 * coarse[i]);
      continue;
    }
    const texture = 1 + contrast * (0.9 * (coarse[i] - 0.5) + 2.6 * (fine[i] - 0.5));
    const edge = 1 + rim * Math.exp(nucleusUm[i] / 0.4);
    const inward = Math.min(1, (rimUm - nucleusUm[i]) / (2 * rimUm));
    const holes = 1 - (1 - stain.nucleolusLight) * nucleoli[i];
    plane[i] = Math.max(0, texture) * edge * holes * inward * (cell.mitotic ? 1.5 : 1);
  }
  return plane;
}
