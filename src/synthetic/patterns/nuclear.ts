import { cos, exp, type Random, sin } from '../../common/index.js';
import { type Anatomy, pointWhere } from '../anatomy.js';
import { addSpot, normaliseLight } from '../brush.js';
import { noisePlane } from '../noise.js';

/*
 * Patterns of the nucleus. Each takes a cell's map and draws the protein's light in the cell's box. What they look like
 * follows the Human Protein Atlas's cell dictionary (proteinatlas.org/learn/dictionary/cell) and
 * Alberts et al., Molecular Biology of the Cell, ch. 4 and 6.
 */

/**
 * Nucleoplasm: the nucleus filled, finely grained, with holes where the nucleoli are; the cytoplasm nearly dark.
 * HPA cell dictionary, "Nucleoplasm".
 */
export function drawNucleoplasm(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, nucleoli, thickness, pixelSizeUm } = cell;
  const grainUm = random.range(0.3, 1);
  const grain = noisePlane(random.fork(1), box.width, box.height, grainUm / pixelSizeUm, 2, cell.nucleusBox);
  const contrast = random.range(0.3, 1.5);
  const holes = random.range(0.5, 0.95);
  const stray = random.range(0, 0.08);
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) {
    if (nucleusUm[i] < 0) {
      plane[i] = Math.max(0.1, 1 + contrast * (grain[i] - 0.5)) * (1 - holes * nucleoli[i]);
    } else {
      plane[i] = stray * thickness[i];
    }
  }
  return normaliseLight(plane);
}

/**
 * Nuclear membrane: a thin bright rim around the nucleus, a weak fill, and bright lines across it where the envelope
 * folds. HPA cell dictionary, "Nuclear membrane".
 */
export function drawNuclearMembrane(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, pixelSizeUm } = cell;
  const fill = random.range(0.05, 0.4);
  const lineUm = Math.max(random.range(0.14, 0.26), 0.45 * pixelSizeUm);
  const grain = noisePlane(random.fork(1), box.width, box.height, 0.4 / pixelSizeUm, 2, cell.nucleusBox);
  const along = noisePlane(random.fork(2), box.width, box.height, 2 / pixelSizeUm, 1, cell.nucleusBox);
  const folds = noisePlane(
    random.fork(3),
    box.width,
    box.height,
    cell.nucleusRadiusUm / pixelSizeUm,
    1,
    cell.nucleusBox,
  );
  const folded = random.uniform() < 0.35 ? random.range(0.3, 0.9) : 0;
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) {
    const off = (nucleusUm[i] + 0.5 * lineUm) / lineUm;
    if (off > 5) continue;
    plane[i] = exp(-0.5 * off * off) * (0.6 + 0.8 * along[i]);
    if (nucleusUm[i] >= 0) continue;
    const fromFold = (folds[i] - 0.62) / 0.02;
    const fold = folded * exp(-0.5 * fromFold * fromFold);
    plane[i] += fill * (0.4 + 1.2 * grain[i]) + fold;
  }
  // The rim is few pixels: the percentile must reach into it, or a filled nucleus would set the scale.
  return normaliseLight(plane, 97);
}

/**
 * Nucleoli: one to five filled, irregular bodies where DNA is dark; at times brighter at their rim; a weak nucleoplasm.
 * HPA cell dictionary, "Nucleoli" and "Nucleoli rim".
 */
export function drawNucleoliPattern(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, nucleoli, thickness, pixelSizeUm } = cell;
  const rimmed = random.uniform() < 0.3 ? random.range(0.3, 0.7) : 0;
  const nucleoplasm = random.range(0.02, 0.25);
  const grain = noisePlane(random.fork(1), box.width, box.height, 0.5 / pixelSizeUm, 2, cell.nucleusBox);
  const plane = new Float32Array(box.width * box.height);
  for (let i = 0; i < plane.length; i++) {
    if (nucleusUm[i] >= 0) {
      plane[i] = 0.03 * thickness[i];
      continue;
    }
    const n = nucleoli[i];
    const hollow = 1 - rimmed * n * n;
    plane[i] = n * hollow * (0.7 + 0.6 * grain[i]) + nucleoplasm * (0.5 + grain[i]);
  }
  // Not scaled by its percentiles: where a section shows no nucleolus, the nucleoplasm would take its place.
  return plane;
}

/**
 * Fibrillar centres: a few small bright spots inside each nucleolus, often in a cluster; the rest of the nucleolus weak.
 * HPA cell dictionary, "Nucleoli fibrillar center".
 */
export function drawFibrillarCentres(random: Random, cell: Anatomy): Float32Array {
  const { box, pixelSizeUm, nucleusUm, nucleoli } = cell;
  const plane = new Float32Array(box.width * box.height);
  const nucleoplasm = random.range(0, 0.08);
  for (let i = 0; i < plane.length; i++) if (nucleusUm[i] < 0) plane[i] = nucleoplasm + 0.12 * nucleoli[i];
  for (const spot of cell.nucleolusSpots) {
    const count = 2 + random.integer(6);
    for (let k = 0; k < count; k++) {
      const angle = random.range(0, 2 * Math.PI);
      const away = spot.radiusPx * 0.75 * Math.sqrt(random.uniform());
      const x = spot.x + away * cos(angle);
      const y = spot.y + away * sin(angle);
      addSpot(plane, box, x, y, random.range(0.16, 0.32) / pixelSizeUm, random.range(0.6, 1.3));
    }
  }
  return capLight(keepNuclear(plane, cell));
}

/**
 * Nuclear speckles: 20 to 50 irregular blobs of about a um between the nucleoli, on a weaker nucleoplasm.
 * HPA cell dictionary, "Nuclear speckles"; Spector & Lamond 2011 (numbers and sizes).
 */
export function drawSpeckles(random: Random, cell: Anatomy): Float32Array {
  const { box, pixelSizeUm, nucleusUm, nucleoli } = cell;
  const plane = new Float32Array(box.width * box.height);
  const nucleoplasm = random.range(0.04, 0.3);
  const grain = noisePlane(random.fork(1), box.width, box.height, 0.6 / pixelSizeUm, 2, cell.nucleusBox);
  for (let i = 0; i < plane.length; i++) {
    if (nucleusUm[i] < 0) plane[i] = nucleoplasm * (0.4 + 1.2 * grain[i]) * (1 - 0.7 * nucleoli[i]);
  }
  const count = 20 + random.integer(31);
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => nucleusUm[i] < -0.5 && nucleoli[i] < 0.2);
    if (at === null) break;
    const pieces = 1 + random.integer(4);
    const height = random.range(0.5, 1.2);
    const sigmaUm = random.range(0.16, 0.36);
    for (let p = 0; p < pieces; p++) {
      const dx = (random.normal() * sigmaUm) / pixelSizeUm;
      const dy = (random.normal() * sigmaUm) / pixelSizeUm;
      addSpot(plane, box, at.x + dx, at.y + dy, sigmaUm / pixelSizeUm, p === 0 ? height : height * 0.7);
    }
  }
  return capLight(keepNuclear(plane, cell));
}

/**
 * Nuclear bodies: 2 to 10 round, sharp spots of equal size anywhere in the nucleoplasm. HPA cell dictionary,
 * "Nuclear bodies" (Cajal bodies, PML bodies).
 */
export function drawNuclearBodies(random: Random, cell: Anatomy): Float32Array {
  const { box, pixelSizeUm, nucleusUm, nucleoli } = cell;
  const plane = new Float32Array(box.width * box.height);
  const nucleoplasm = random.range(0, 0.15);
  for (let i = 0; i < plane.length; i++)
    if (nucleusUm[i] < 0) plane[i] = nucleoplasm * (1 - 0.7 * nucleoli[i]);
  const count = 2 + random.integer(9);
  const sigmaUm = random.range(0.2, 0.4);
  for (let k = 0; k < count; k++) {
    const at = pointWhere(random, cell, (i) => nucleusUm[i] < -0.6 && nucleoli[i] < 0.3);
    if (at === null) break;
    addSpot(plane, box, at.x, at.y, (sigmaUm * random.range(0.8, 1.2)) / pixelSizeUm, random.range(0.7, 1.2));
  }
  return capLight(keepNuclear(plane, cell));
}

function keepNuclear(plane: Float32Array, cell: Anatomy): Float32Array {
  for (let i = 0; i < plane.length; i++) if (cell.nucleusUm[i] >= 0) plane[i] = 0;
  return plane;
}

/** Spots are drawn at their own height; where several fall together they do not outshine everything. */
function capLight(plane: Float32Array): Float32Array {
  for (let i = 0; i < plane.length; i++) if (plane[i] > 1.6) plane[i] = 1.6;
  return plane;
}
