import { atan2, exp, type Random } from '../common/index.js';
import { type Box, type FloatPlane, gaussianBlur } from '../imaging/index.js';
import { type Anatomy, pointWhere } from './anatomy.js';
import { addSpot, normaliseLight } from './brush.js';
import { drawFilament } from './filaments.js';
import { noisePlane, ridgePlane } from './noise.js';
import { drawSpindle } from './spindle.js';

/** What all cells of a field share in their reference stains: one cell line, one staining. */
export interface StainStyle {
  /** Microtubules a um^2 of cell. */
  readonly microtubuleDensity: number;
  /** How bent microtubules are, radians a um. */
  readonly microtubuleCurvature: number;
  /** Over what length a bend goes on: long = arcs, short = kinks. */
  readonly microtubuleMemoryUm: number;
  /** How far microtubules stray from running outward from the nucleus, in radians: small = a fan, large = a mesh. */
  readonly microtubuleDisorder: number;
  /** How strongly microtubules follow the cell's long axis, 0 to 1. */
  readonly microtubuleAxisPull: number;
  /** Log-scale spread of the filaments' brightness: how much single bundles stand out. */
  readonly microtubuleBundling: number;
  /** 0 = filaments as bright at the edge as in the middle, 1 = as dim as the cell is thin. */
  readonly microtubuleFading: number;
  /** How much the brightness of microtubules and ER changes over some um within a cell, 0 to 1. */
  readonly relief: number;
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
  /** How much brighter chromatin is along the envelope and around nucleoli. */
  readonly chromatinRim: number;
  /** Clumps of heterochromatin a nucleus, their brightness above the rest, and their size (standard deviation). */
  readonly chromocentres: number;
  readonly chromocentreLight: number;
  readonly chromocentreUm: number;
  /** 0 = a flat nucleus, as bright at its edge as in the middle; and over which distance it rises. */
  readonly nucleusDome: number;
  readonly nucleusSlopeUm: number;
  /** Dye in the cytoplasm, as a share of the nucleus's brightness. */
  readonly cytoplasmicDye: number;
  /** Brightness left in nucleoli. */
  readonly nucleolusLight: number;
}

/** Draws a field's stains from the range seen in the 350 single channels of the 2018 competition (hpa/channels). */
export function drawStainStyle(random: Random): StainStyle {
  return {
    microtubuleDensity: random.range(0.16, 0.5),
    microtubuleCurvature: random.range(0.05, 0.32),
    microtubuleMemoryUm: random.range(1, 5),
    microtubuleDisorder: random.range(0.3, 1.5),
    microtubuleAxisPull: random.range(0, 0.8),
    microtubuleBundling: random.range(0.3, 0.9),
    microtubuleFading: random.range(0, 1),
    relief: random.range(0.2, 1),
    freeTubulin: random.range(0.01, 0.12),
    overNucleus: random.range(0.04, 0.35),
    erMeshUm: random.range(0.9, 2.2),
    erContrast: random.range(0.1, 0.65),
    erOverNucleus: random.range(0.04, 0.24),
    erSpeckle: random.range(0.2, 1),
    erReachUm: random.range(5, 30),
    chromatinContrast: random.range(0.2, 0.9),
    chromatinGrainUm: random.range(0.6, 1.2),
    chromatinRim: random.range(0, 0.8),
    ...drawChromocentres(random),
    nucleusDome: random.range(0, 0.6),
    nucleusSlopeUm: random.range(0.5, 2.5),
    cytoplasmicDye: random.uniform() < 0.85 ? random.range(0, 0.002) : random.range(0.002, 0.03),
    nucleolusLight: random.range(0.1, 0.65),
  };
}

/** One cell line in five has the bright chromocentres of mouse nuclei. */
function drawChromocentres(
  random: Random,
): Pick<StainStyle, 'chromocentres' | 'chromocentreLight' | 'chromocentreUm'> {
  return random.uniform() < 0.2
    ? {
        chromocentres: random.range(8, 25),
        chromocentreLight: random.range(0.5, 1.8),
        chromocentreUm: random.range(0.3, 0.6),
      }
    : {
        chromocentres: random.range(0, 14),
        chromocentreLight: random.range(0.1, 0.6),
        chromocentreUm: random.range(0.2, 0.5),
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
    const fromCentrosome = random.uniform() < 0.2;
    const start = fromCentrosome ? nearCentrosome(random, cell) : anywhere(random, cell);
    if (start === null) continue;
    const avoidsNucleus = random.uniform() > stain.overNucleus;
    const outward = atan2(start.y - cell.nucleusCentre.y, start.x - cell.nucleusCentre.x);
    drawFilament(plane, random, cell, {
      ...start,
      heading: outward + stain.microtubuleDisorder * random.normal() + (random.uniform() < 0.3 ? Math.PI : 0),
      lengthUm: reachUm * random.range(0.5, 2),
      curvature: stain.microtubuleCurvature * random.range(0.5, 1.6),
      memoryUm: stain.microtubuleMemoryUm,
      axisPull: stain.microtubuleAxisPull * random.uniform(),
      edgeMarginUm: random.range(0.3, 1.6),
      avoidsNucleus,
      // Some filaments run in bundles, which are brighter.
      weight: exp(stain.microtubuleBundling * random.normal()),
      overNucleus: 0.5,
    });
  }
  for (let i = 0; i < plane.length; i++) {
    plane[i] *= 1 - stain.microtubuleFading * (1 - Math.min(1, thickness[i]));
  }
  normaliseLight(plane);
  // Some tubulin is not in filaments, and a section blurs what lies above and below; the cell's relief brings parts of
  // the net in and out of the section.
  const relief = noisePlane(random.fork(1), box.width, box.height, 6 / cell.pixelSizeUm, 2);
  for (let i = 0; i < plane.length; i++) {
    if (thickness[i] === 0) continue;
    const diffuse = stain.freeTubulin * thickness[i] * (nucleusUm[i] < 0 ? 0.3 : 1);
    plane[i] = (plane[i] + diffuse) * Math.max(0, 1 + stain.relief * 3 * (relief[i] - 0.5));
  }
  return plane;
}

function nearCentrosome(random: Random, cell: Anatomy): { x: number; y: number } {
  const spreadPx = 2.4 / cell.pixelSizeUm;
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
  const { box, thickness, nucleusUm, nucleoli, edgeUm, pixelSizeUm, inside } = cell;
  const net = ridgePlane(random.fork(1), box.width, box.height, stain.erMeshUm / pixelSizeUm);
  const patches = noisePlane(random.fork(2), box.width, box.height, 3.5 / pixelSizeUm, 2);
  const grain = noisePlane(random.fork(3), box.width, box.height, 0.45 / pixelSizeUm, 2);
  const plane = new Float32Array(box.width * box.height);
  const envelopeLight = random.range(0, 0.2);
  const envelopeUm = random.range(0.2, 0.7);
  const nucleusLight = stain.erOverNucleus * random.range(0.7, 1.3);
  for (let i = 0; i < plane.length; i++) {
    if (inside[i] === 0) continue;
    const texture = 1 - stain.erContrast + stain.erContrast * 1.9 * net[i];
    const uneven = Math.max(0.1, 1 + (0.6 + 0.9 * stain.relief) * (patches[i] - 0.5));
    const speck = 2 * grain[i] - 1;
    const grained = Math.max(0, 1 + stain.erSpeckle * 1.3 * speck * (1 + Math.max(0, speck)));
    const overNucleus = nucleusLight * (0.3 + 1.4 * grain[i]) * (0.5 + patches[i]) * (1 - 0.4 * nucleoli[i]);
    if (nucleusUm[i] < -envelopeUm && !cell.mitotic) {
      plane[i] = overNucleus;
      continue;
    }
    const distance = Math.max(0, nucleusUm[i]);
    const away = 0.12 + 0.88 * exp(-distance / stain.erReachUm);
    const envelope = cell.mitotic || distance > 2 ? 0 : envelopeLight * exp(-distance / 0.25);
    const tip = edgeUm[i] / (edgeUm[i] + 0.3);
    const cytoplasm = (0.2 + 0.8 * thickness[i]) * away * texture * uneven * grained * tip + envelope;
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
 * DNA: chromatin grains, more of it along the envelope and around the nucleoli (heterochromatin), in some cell lines bright
 * chromocentres; nucleoli are dark; condensed and bright in mitosis (Alberts et al., ch. 4).
 */
export function drawNucleus(random: Random, cell: Anatomy, stain: StainStyle): Float32Array {
  const { box, nucleusBox, nucleoli, pixelSizeUm, thickness } = cell;
  const { width, height } = nucleusBox;
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) plane[i] = stain.cytoplasmicDye * thickness[i];
  if (width === 0) return plane;
  const coarse = noisePlane(random.fork(1), width, height, (3 * stain.chromatinGrainUm) / pixelSizeUm, 2);
  const fine = noisePlane(random.fork(2), width, height, stain.chromatinGrainUm / pixelSizeUm, 3);
  // The outline is a mask's, with steps of a px; the light at a nucleus's edge has none.
  const nucleusUm = gaussianBlur(cutOut(cell.nucleusUm, box.width, nucleusBox), 0.7).data;
  const contrast = cell.mitotic ? 0.4 : stain.chromatinContrast * random.range(0.8, 1.2);
  const rim = cell.mitotic ? 0 : stain.chromatinRim * random.range(0.5, 1.5);
  const dome = cell.mitotic ? 0 : stain.nucleusDome * random.range(0.5, 1.5);
  const edgeUm = random.range(0.2, 0.4);
  for (let y = 0, k = 0; y < height; y++) {
    let i = (y + nucleusBox.y) * box.width + nucleusBox.x;
    for (let x = 0; x < width; x++, i++, k++) {
      if (nucleusUm[k] >= edgeUm) continue;
      const depthUm = Math.max(0, -nucleusUm[k]);
      // Skewed: clumps stand out more than gaps.
      const grains = 2 * fine[k] - 1;
      const texture = 1 + contrast * (0.6 * (coarse[k] - 0.5) + 1.5 * grains * (1 + Math.max(0, grains)));
      const along = 1 + rim * exp(-depthUm / 0.45) * (0.4 + 1.2 * coarse[k]);
      const n = nucleoli[i];
      const holes = 1 - (1 - stain.nucleolusLight) * n + stain.chromatinRim * 2 * n * (1 - n);
      // A nucleus is a flattened ball: it thins out towards its edge.
      const inward = Math.min(1, (edgeUm - nucleusUm[k]) / (2 * edgeUm));
      const tall = 1 - Math.min(0.8, dome) * exp(-depthUm / stain.nucleusSlopeUm);
      plane[i] = Math.max(0.05, texture) * along * holes * inward * tall * (cell.mitotic ? 1.5 : 1);
    }
  }
  if (!cell.mitotic) addChromocentres(plane, random.fork(3), cell, stain);
  return plane;
}

function cutOut(data: Float32Array, width: number, box: Box): FloatPlane {
  const part = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = (y + box.y) * width + box.x;
    part.set(data.subarray(from, from + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, bitDepth: 32, data: part };
}

/** Clumps of heterochromatin, mostly along the envelope and around nucleoli: few and faint, or many and bright as in mice. */
function addChromocentres(plane: Float32Array, random: Random, cell: Anatomy, stain: StainStyle): void {
  const { box, nucleusUm, nucleoli, pixelSizeUm } = cell;
  const count = Math.round(stain.chromocentres * random.range(0.5, 1.5));
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => nucleusUm[i] < -0.5 && nucleoli[i] < 0.3);
    if (at === null) return;
    const height = stain.chromocentreLight * random.range(0.3, 1.2);
    addSpot(plane, box, at.x, at.y, (stain.chromocentreUm * random.range(0.6, 1.3)) / pixelSizeUm, height);
  }
}
