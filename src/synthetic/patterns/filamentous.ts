import { atan2, cos, exp, type Random, sin } from '../../common/index.js';
import { type Anatomy, pointWhere } from '../anatomy.js';
import { clipTo, normaliseLight, splat } from '../brush.js';
import { drawFilament } from '../filaments.js';
import { noisePlane } from '../noise.js';

/*
 * Patterns of the cytoskeleton: Alberts et al., Molecular Biology of the Cell, ch. 16, and the HPA cell dictionary.
 */

/**
 * Intermediate filaments: a wavy, tangled net, densest around the nucleus, with bundles that curl round it.
 * HPA cell dictionary, "Intermediate filaments" (vimentin, keratins).
 */
export function drawIntermediateFilaments(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, pixelSizeUm } = cell;
  const plane = new Float32Array(box.width * box.height);
  const count = Math.round(Math.min(320, Math.max(40, cell.areaUm2 * random.range(0.12, 0.3))));
  const reachUm = random.range(4, 14);
  for (let k = 0; k < count; k++) {
    const limitUm = reachUm * random.uniform() * random.uniform() + 0.6;
    const start =
      pointWhere(random, cell, (i) => nucleusUm[i] > 0.2 && nucleusUm[i] < limitUm) ??
      pointWhere(random, cell, (i) => nucleusUm[i] > 0);
    if (start === null) break;
    // Sideways to the direction from the nucleus: filaments wind round it.
    const outward = atan2(start.y - cell.nucleusCentre.y, start.x - cell.nucleusCentre.x);
    drawFilament(plane, random, cell, {
      ...start,
      heading: outward + (Math.PI / 2) * (random.uniform() < 0.5 ? 1 : -1) + 0.6 * random.normal(),
      lengthUm: random.range(5, 22),
      curvature: random.range(0.15, 0.5),
      memoryUm: 2.5,
      axisPull: 0.15,
      edgeMarginUm: 1.2,
      avoidsNucleus: random.uniform() < 0.85,
      weight: random.range(0.4, 1.6),
      overNucleus: 0.6,
    });
  }
  normaliseLight(plane);
  const diffuse = random.range(0.02, 0.15);
  for (let i = 0; i < plane.length; i++) {
    if (nucleusUm[i] > 0) plane[i] += diffuse * cell.thickness[i] * exp(-nucleusUm[i] / 10);
  }
  // At coarse pixels single filaments merge into a mat: keep some of its unevenness.
  const mat = noisePlane(random.fork(1), box.width, box.height, 1.2 / pixelSizeUm, 2);
  for (let i = 0; i < plane.length; i++) plane[i] *= 0.6 + 0.8 * mat[i];
  return plane;
}

/**
 * Actin filaments: straight, parallel stress fibres across the cell, over the nucleus too, and a cortex along the edge;
 * now and then focal adhesions, bright dashes at the fibres' ends. HPA cell dictionary, "Actin filaments",
 * "Focal adhesion sites".
 */
export function drawActin(random: Random, cell: Anatomy): Float32Array {
  const { box, edgeUm, pixelSizeUm, thickness, inside } = cell;
  const fibres = new Float32Array(box.width * box.height);
  const radiusUm = Math.sqrt(cell.areaUm2 / Math.PI);
  const count = Math.round(random.range(0.7, 1.9) * radiusUm);
  const secondAxis = random.uniform() < 0.4 ? random.range(0.5, 1.2) : 0;
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => edgeUm[i] > 0.3);
    if (at === null) break;
    const tilt = k % 3 === 0 ? secondAxis : 0;
    drawBundle(fibres, random, cell, at, cell.axisAngle + tilt + 0.1 * random.normal(), radiusUm);
  }
  normaliseLight(fibres, 88);
  const along = noisePlane(random.fork(1), box.width, box.height, 3 / pixelSizeUm, 2);
  const cortexUm = Math.max(random.range(0.25, 0.5), 0.6 * pixelSizeUm);
  const cortex = random.range(0.2, 1.1);
  const diffuse = random.range(0.06, 0.25);
  for (let i = 0; i < fibres.length; i++) {
    if (inside[i] === 0) continue;
    const rim = exp(-Math.max(0, edgeUm[i] - pixelSizeUm) / cortexUm) * (0.3 + 1.4 * along[i]);
    fibres[i] += cortex * rim + diffuse * thickness[i];
  }
  if (random.uniform() < 0.15) addFocalAdhesions(fibres, random, cell);
  return clipTo(fibres, inside);
}

/** One stress fibre: a straight bundle to both sides of a point until the cell ends. */
function drawBundle(
  plane: Float32Array,
  random: Random,
  cell: Anatomy,
  at: { x: number; y: number },
  angle: number,
  radiusUm: number,
): void {
  const weight = random.range(0.4, 1.6);
  const strands = Math.max(1, Math.round((random.range(0.1, 0.45) * 1.5) / cell.pixelSizeUm));
  const lengthUm = radiusUm * random.range(0.5, 1.8);
  for (let strand = 0; strand < strands; strand++) {
    const x = at.x + (strands > 1 ? random.normal() * strands * 0.3 : 0);
    const y = at.y + (strands > 1 ? random.normal() * strands * 0.3 : 0);
    for (const side of [0, Math.PI]) {
      drawFilament(plane, random, cell, {
        x,
        y,
        heading: angle + side,
        lengthUm,
        curvature: 0.012,
        memoryUm: 10,
        axisPull: 0,
        edgeMarginUm: 0.5,
        avoidsNucleus: false,
        weight,
        overNucleus: 0.7,
      });
    }
  }
}

function addFocalAdhesions(plane: Float32Array, random: Random, cell: Anatomy): void {
  const { box, edgeUm, pixelSizeUm, nucleusCentre } = cell;
  const count = 15 + random.integer(30);
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => edgeUm[i] > 0.2 && edgeUm[i] < 2);
    if (at === null) return;
    const angle = atan2(at.y - nucleusCentre.y, at.x - nucleusCentre.x) + 0.2 * random.normal();
    const lengthPx = random.range(0.8, 2.5) / pixelSizeUm;
    const thickPx = Math.max(0.5, 0.25 / pixelSizeUm);
    for (let s = 0; s < lengthPx; s += 0.5) {
      for (let t = -thickPx; t <= thickPx; t += 0.5) {
        const x = at.x + s * cos(angle) - t * sin(angle);
        const y = at.y + s * sin(angle) + t * cos(angle);
        splat(plane, box, x, y, 0.35);
      }
    }
  }
}

/**
 * Microtubules: the very filaments of the microtubule channel, unevenly decorated along their length.
 * HPA cell dictionary, "Microtubules".
 * @param microtubules the cell's microtubule stain in its box
 */
export function drawOnMicrotubules(random: Random, cell: Anatomy, microtubules: Float32Array): Float32Array {
  const { box, pixelSizeUm, nucleusUm } = cell;
  const decoration = noisePlane(random.fork(1), box.width, box.height, random.range(0.6, 4) / pixelSizeUm, 2);
  const perinuclear = random.range(0, 1);
  const plane = new Float32Array(microtubules.length);
  for (let i = 0; i < plane.length; i++) {
    const near = 1 - perinuclear + perinuclear * exp(-Math.max(0, nucleusUm[i]) / 8);
    plane[i] = microtubules[i] * near * (0.35 + 1.3 * decoration[i]);
  }
  return normaliseLight(plane);
}
