import { NEGATIVE, type Random } from '../common/index.js';
import type { Anatomy } from './anatomy.js';
import { drawCytosol, drawNegative, drawOnEr, drawPlasmaMembrane } from './patterns/cytoplasmic.js';
import { drawActin, drawIntermediateFilaments, drawOnMicrotubules } from './patterns/filamentous.js';
import {
  drawFibrillarCentres,
  drawNuclearBodies,
  drawNuclearMembrane,
  drawNucleoliPattern,
  drawNucleoplasm,
  drawSpeckles,
} from './patterns/nuclear.js';
import {
  drawAggresome,
  drawCentrosome,
  drawGolgi,
  drawMitochondria,
  drawVesicles,
} from './patterns/organelles.js';
import { drawSpindle } from './spindle.js';

/** The cell's own stains, which some proteins follow; each in the cell's box. */
export interface ReferenceStains {
  readonly microtubules: Float32Array;
  readonly er: Float32Array;
}

type Pattern = (random: Random, cell: Anatomy, stains: ReferenceStains) => Float32Array;

/** How each location is drawn, by class id; light of about 1 where it is bright. */
const PATTERNS: readonly Pattern[] = [
  drawNucleoplasm,
  drawNuclearMembrane,
  drawNucleoliPattern,
  drawFibrillarCentres,
  drawSpeckles,
  drawNuclearBodies,
  (random, cell, stains) => drawOnEr(random, cell, stains.er),
  drawGolgi,
  drawIntermediateFilaments,
  drawActin,
  (random, cell, stains) => drawOnMicrotubules(random, cell, stains.microtubules),
  drawSpindle,
  drawCentrosome,
  drawPlasmaMembrane,
  drawMitochondria,
  drawAggresome,
  drawCytosol,
  drawVesicles,
  drawNegative,
];

/** Fills lie under dots and threads: in company they are dimmer, or the others would not be seen. */
const FILLS = new Set([0, 6, 16]);
const FILL_IN_COMPANY = 0.5;
/** Small structures are bright where they are: the blur spreads their light, and exposure is set to show them. */
const POINTS = new Set([3, 5, 7, 11, 12]);
const POINT_STRENGTH = 1.6;
/** An antibody that has found its protein strays less. */
const STRAY_IF_PRESENT = 0.6;

/**
 * A cell's protein: the sum of its locations' patterns, each at its own strength, over the antibody's stray light.
 * @param locations class ids; `[18]` gives stray light only
 * @param fieldRandom shared by all cells of the field: a protein's preference among its locations is the same in all
 */
export function drawProtein(
  random: Random,
  fieldRandom: Random,
  cell: Anatomy,
  stains: ReferenceStains,
  locations: readonly number[],
): Float32Array {
  const plane = drawNegative(random.fork(NEGATIVE), cell);
  const present = locations.some((id) => id !== NEGATIVE);
  if (present) for (let i = 0; i < plane.length; i++) plane[i] *= STRAY_IF_PRESENT;
  for (const id of locations) {
    if (id === NEGATIVE) continue;
    const light = PATTERNS[id](random.fork(id), cell, stains);
    const preference = fieldRandom.fork(id).range(0.6, 1.2);
    const company = locations.length > 1 && FILLS.has(id) ? FILL_IN_COMPANY : 1;
    const point = POINTS.has(id) ? POINT_STRENGTH : 1;
    const strength = preference * company * point * random.range(0.8, 1.2);
    for (let i = 0; i < plane.length; i++) plane[i] += strength * light[i];
  }
  return plane;
}
