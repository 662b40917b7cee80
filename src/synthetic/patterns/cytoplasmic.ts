import { atan2, exp, type Random } from '../../common/index.js';
import { type Anatomy, pointWhere } from '../anatomy.js';
import { addSpot, clipTo, normaliseLight } from '../brush.js';
import { noisePlane } from '../noise.js';

/*
 * Patterns that fill the cytoplasm or line it: HPA cell dictionary; Alberts et al., Molecular Biology of the Cell,
 * ch. 10 (membrane), 12 (compartments).
 */

/** Half the distance over which the nucleus gives way to the cytoplasm in a section. */
const NUCLEUS_RIM_UM = 0.3;

/**
 * Cytosol: an even, finely grained fill of the cytoplasm, weaker where the cell is thin, with dark holes at vacuoles;
 * the nucleus is dark. HPA cell dictionary, "Cytosol".
 */
export function drawCytosol(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, nucleoli, thickness, pixelSizeUm } = cell;
  const clouds = noisePlane(random.fork(1), box.width, box.height, 4 / pixelSizeUm, 2);
  const grain = noisePlane(random.fork(2), box.width, box.height, 0.4 / pixelSizeUm);
  const inNucleus = random.range(0.04, 0.3);
  const flatness = random.range(0, 0.7);
  const grained = random.range(0.2, 0.7);
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) {
    if (thickness[i] === 0) continue;
    const height = flatness * Math.min(1, 2 * thickness[i]) + (1 - flatness) * thickness[i];
    const texture = (0.4 + 1.2 * clouds[i]) * (1 - grained + 2 * grained * grain[i]);
    // The nucleus is rounded: near its rim a section sees some of both.
    const outside = cell.mitotic
      ? 1
      : Math.min(1, Math.max(0, (nucleusUm[i] + NUCLEUS_RIM_UM) / (2 * NUCLEUS_RIM_UM)));
    const nuclear = inNucleus * (1 - 0.5 * nucleoli[i]);
    plane[i] = texture * (outside * height + (1 - outside) * nuclear);
  }
  punchVacuoles(plane, random, cell);
  return normaliseLight(plane);
}

/** Dark, round holes, where organelles that the protein does not enter displace it. */
function punchVacuoles(plane: Float32Array, random: Random, cell: Anatomy): void {
  const { box, nucleusUm, pixelSizeUm } = cell;
  const holes = new Float32Array(plane.length);
  const count = random.uniform() < 0.4 ? random.integer(14) : 0;
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => nucleusUm[i] > 0.8);
    if (at === null) break;
    addSpot(holes, box, at.x, at.y, random.range(0.2, 0.7) / pixelSizeUm, 0.8);
  }
  for (let i = 0; i < plane.length; i++) plane[i] *= 1 - Math.min(0.9, holes[i]);
}

/**
 * Endoplasmic reticulum: the same net as the ER channel, brightest around the nucleus, with the protein's own unevenness.
 * HPA cell dictionary, "Endoplasmic reticulum".
 * @param er the cell's ER stain in its box
 */
export function drawOnEr(random: Random, cell: Anatomy, er: Float32Array): Float32Array {
  const { box, nucleusUm, pixelSizeUm } = cell;
  const own = noisePlane(random.fork(1), box.width, box.height, 1 / pixelSizeUm, 2);
  const reachUm = random.range(5, 20);
  const envelope = random.range(0, 0.6);
  const plane = new Float32Array(er.length);
  for (let i = 0; i < plane.length; i++) {
    const distance = Math.max(0, nucleusUm[i]);
    const near = 0.3 + 0.7 * exp(-distance / reachUm);
    const nucleus = nucleusUm[i] < 0 && !cell.mitotic ? 0.6 : 1;
    plane[i] = er[i] * nucleus * near * (0.45 + 1.1 * own[i]);
    if (!cell.mitotic) plane[i] += envelope * exp(-8 * nucleusUm[i] * nucleusUm[i]);
  }
  return clipTo(normaliseLight(plane), cell.inside);
}

/**
 * Plasma membrane: a bright line along the outline, brighter where cells touch or ruffle, and a weak, grainy fill where
 * the section grazes the membrane; some cells carry hair-like protrusions along their edge.
 * HPA cell dictionary, "Plasma membrane", "Cell junctions".
 */
export function drawPlasmaMembrane(random: Random, cell: Anatomy): Float32Array {
  const { box, edgeUm, inside, thickness, nucleusUm, pixelSizeUm } = cell;
  const along = noisePlane(random.fork(1), box.width, box.height, 3 / pixelSizeUm, 2);
  const grain = noisePlane(random.fork(2), box.width, box.height, 0.45 / pixelSizeUm, 2);
  const lineUm = Math.max(random.range(0.25, 0.6), 0.6 * pixelSizeUm);
  const fill = random.range(0.03, 0.3);
  const hairy = random.uniform() < 0.3;
  const hairUm = random.range(1.5, 4);
  const plane = new Float32Array(box.width * box.height);
  const angles = hairy ? noisePlane(random.fork(3), 1024, 1, 3) : null;
  for (let y = 0, i = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++, i++) {
      if (inside[i] === 0) continue;
      const depthUm = Math.max(0, edgeUm[i] - pixelSizeUm);
      let rim = exp(-depthUm / lineUm) * (0.45 + 1.1 * along[i]);
      if (angles !== null && depthUm < hairUm) {
        const angle = atan2(y - cell.nucleusCentre.y, x - cell.nucleusCentre.x);
        const hair = angles[Math.floor(((angle + Math.PI) / (2 * Math.PI)) * 1023)];
        rim = Math.max(rim, hair > 0.58 ? 0.9 * (1 - depthUm / hairUm) : 0);
      }
      const graze = fill * (0.3 + 1.4 * grain[i]) * Math.min(1, 2 * thickness[i]);
      plane[i] = rim + graze * (nucleusUm[i] < 0 ? 0.7 : 1);
    }
  }
  return normaliseLight(plane, 95);
}

/**
 * Negative: no protein. The antibody's stray light: dim, uneven, following the cell's thickness, with a few specks.
 * At most about a tenth as bright as a protein that is there.
 */
export function drawNegative(random: Random, cell: Anatomy): Float32Array {
  const { box, thickness, nucleusUm, pixelSizeUm } = cell;
  const clouds = noisePlane(random.fork(1), box.width, box.height, 5 / pixelSizeUm, 3);
  const level = random.range(0.01, 0.09);
  const inNucleus = random.range(0.3, 1.3);
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) {
    plane[i] = level * thickness[i] * (0.4 + 1.2 * clouds[i]) * (nucleusUm[i] < 0 ? inNucleus : 1);
  }
  const specks = random.uniform() < 0.3 ? random.integer(5) : 0;
  for (let k = 0; k < specks; k++) {
    const at = pointWhere(random, cell, () => true);
    if (at === null) break;
    addSpot(plane, box, at.x, at.y, random.range(0.15, 0.3) / pixelSizeUm, random.range(0.05, 0.2));
  }
  return plane;
}
