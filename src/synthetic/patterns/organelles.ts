import { atan2, cos, type Random, sin } from '../../common/index.js';
import { type Anatomy, pointWhere } from '../anatomy.js';
import { addRing, addSpot, clipTo, normaliseLight } from '../brush.js';
import { drawFilament } from '../filaments.js';

/*
 * Patterns of organelles in the cytoplasm: HPA cell dictionary; Alberts et al., Molecular Biology of the Cell,
 * ch. 12 to 14, 16 (centrosome).
 */

/**
 * Golgi apparatus: a ribbon of short, thick, bent pieces at one side of the nucleus, around the centrosome.
 * HPA cell dictionary, "Golgi apparatus".
 */
export function drawGolgi(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, centrosome, nucleusCentre } = cell;
  const plane = new Float32Array(box.width * box.height);
  const centre = atan2(centrosome.y - nucleusCentre.y, centrosome.x - nucleusCentre.x);
  const spread = random.range(0.35, 1.1);
  const depthUm = random.range(1.2, 3.5);
  const pieces = 18 + random.integer(34);
  const thickUm = random.range(0.18, 0.36);
  for (let k = 0; k < pieces; k++) {
    const at = pointWhere(random, cell, (i) => {
      if (nucleusUm[i] < -0.6 || nucleusUm[i] > depthUm) return false;
      const angle = atan2(Math.floor(i / box.width) - nucleusCentre.y, (i % box.width) - nucleusCentre.x);
      return Math.abs(turnBetween(angle, centre)) < spread;
    });
    if (at === null) break;
    const outward = atan2(at.y - nucleusCentre.y, at.x - nucleusCentre.x);
    const heading = outward + Math.PI / 2 + 0.9 * random.normal();
    addWorm(plane, random, cell, at, heading, random.range(0.2, 1.8), thickUm, 1.2, random.range(0.3, 1.4));
  }
  return addDiffuse(normaliseLight(plane, 82), cell, random.range(0, 0.06));
}

/**
 * Centrosome: one or two small bright dots beside the nucleus; in some, a cloud of satellites around them
 * (microtubule-organizing centre). HPA cell dictionary, "Centrosome", "Centriolar satellite".
 */
export function drawCentrosome(random: Random, cell: Anatomy): Float32Array {
  const { box, pixelSizeUm, centrosome } = cell;
  const plane = new Float32Array(box.width * box.height);
  const sigmaUm = random.range(0.2, 0.36);
  const apartUm = random.uniform() < 0.55 ? random.range(0.6, 1.5) : 0;
  const angle = random.range(0, Math.PI);
  for (const side of apartUm > 0 ? [-0.5, 0.5] : [0]) {
    const x = centrosome.x + (side * apartUm * cos(angle)) / pixelSizeUm;
    const y = centrosome.y + (side * apartUm * sin(angle)) / pixelSizeUm;
    addSpot(plane, box, x, y, sigmaUm / pixelSizeUm, 1.5);
  }
  const satellites = random.uniform() < 0.3 ? 10 + random.integer(40) : 0;
  const cloudUm = random.range(0.8, 2.2);
  for (let k = 0; k < satellites; k++) {
    const x = centrosome.x + (random.normal() * cloudUm) / pixelSizeUm;
    const y = centrosome.y + (random.normal() * cloudUm) / pixelSizeUm;
    addSpot(plane, box, x, y, 0.16 / pixelSizeUm, random.range(0.3, 0.9));
  }
  return clipTo(addDiffuse(plane, cell, random.range(0, 0.1)), cell.inside);
}

/**
 * Mitochondria: many worm-like threads, one to several um long, radiating from around the nucleus, which they leave dark;
 * in some cells short and granular, in some a net. HPA cell dictionary, "Mitochondria".
 */
export function drawMitochondria(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, edgeUm, nucleusCentre } = cell;
  const plane = new Float32Array(box.width * box.height);
  const count = Math.round(Math.min(260, Math.max(40, cell.areaUm2 * random.range(0.1, 0.22))));
  const longestUm = random.uniform() < 0.25 ? random.range(0.8, 1.5) : random.range(3, 8);
  const reachUm = random.range(5, 16);
  const thickUm = random.range(0.14, 0.22);
  for (let k = 0; k < count; k++) {
    const limitUm = 0.6 + reachUm * random.uniform();
    const at = pointWhere(
      random,
      cell,
      (i) => nucleusUm[i] > 0.15 && nucleusUm[i] < limitUm && edgeUm[i] > 0.6,
    );
    if (at === null) continue;
    const outward = atan2(at.y - nucleusCentre.y, at.x - nucleusCentre.x);
    const heading = outward + (random.uniform() < 0.6 ? 0.5 : 1.5) * random.normal();
    addWorm(
      plane,
      random,
      cell,
      at,
      heading,
      longestUm * random.range(0.2, 1),
      thickUm,
      0.5,
      random.range(0.5, 1.2),
    );
  }
  return addDiffuse(normaliseLight(plane, 80), cell, random.range(0, 0.06));
}

/**
 * Aggresome: one big, round, bright blob close to the nucleus (rarely a second, smaller one), the rest of the cell weak.
 * HPA cell dictionary, "Aggresome"; Johnston, Ward & Kopito 1998.
 */
export function drawAggresome(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, edgeUm, pixelSizeUm } = cell;
  const plane = new Float32Array(box.width * box.height);
  const blobs = random.uniform() < 0.2 ? 2 : 1;
  for (let k = 0; k < blobs; k++) {
    const radiusUm = random.range(0.9, 2) * (k === 0 ? 1 : 0.6);
    const near = pointWhere(
      random,
      cell,
      (i) => nucleusUm[i] > 0.5 * radiusUm && nucleusUm[i] < radiusUm + 1.5 && edgeUm[i] > radiusUm * 0.7,
    );
    const at = near ?? pointWhere(random, cell, (i) => nucleusUm[i] > 0);
    if (at === null) break;
    // Several soft spots make it round but not perfectly so, and flat on top.
    for (let p = 0; p < 9; p++) {
      const angle = random.range(0, 2 * Math.PI);
      const away = (0.6 * radiusUm * Math.sqrt(random.uniform())) / pixelSizeUm;
      const x = at.x + away * cos(angle);
      const y = at.y + away * sin(angle);
      addSpot(plane, box, x, y, (0.4 * radiusUm) / pixelSizeUm, 0.7);
    }
  }
  for (let i = 0; i < plane.length; i++) if (plane[i] > 1.3) plane[i] = 1.3;
  return clipTo(addDiffuse(plane, cell, random.range(0.02, 0.15)), cell.inside);
}

/**
 * Vesicles and punctate cytosolic patterns: many separate dots through the cytoplasm, denser near the nucleus; in some
 * cells larger, ring-shaped ones (lipid droplets), in some few (cytoplasmic bodies), in some fine and even (peroxisomes).
 * HPA cell dictionary, "Vesicles", "Peroxisomes", "Endosomes", "Lysosomes", "Lipid droplets", "Cytoplasmic bodies".
 */
export function drawVesicles(random: Random, cell: Anatomy): Float32Array {
  const { box, nucleusUm, edgeUm, pixelSizeUm } = cell;
  const plane = new Float32Array(box.width * box.height);
  const kind = random.uniform();
  const few = kind < 0.15;
  const rings = kind > 0.85;
  const perUm2 = few ? 0.012 : rings ? 0.05 : random.range(0.06, 0.3);
  const count = Math.round(Math.min(360, Math.max(4, cell.areaUm2 * perUm2)));
  const sigmaUm = few ? random.range(0.22, 0.38) : random.range(0.13, 0.3);
  const reachUm = random.range(6, 22);
  for (let k = 0; k < count; k++) {
    const limitUm = 0.5 + reachUm * Math.sqrt(random.uniform());
    const at = pointWhere(
      random,
      cell,
      (i) => nucleusUm[i] > -0.2 && nucleusUm[i] < limitUm && edgeUm[i] > 0.3,
    );
    if (at === null) continue;
    const size = sigmaUm * random.range(0.7, 1.4);
    const height = random.range(0.4, 1.3);
    if (rings) {
      addRing(plane, box, at.x, at.y, (1.9 * size) / pixelSizeUm, Math.max(0.45, 0.13 / pixelSizeUm), height);
    } else {
      addSpot(plane, box, at.x, at.y, size / pixelSizeUm, height);
    }
  }
  for (let i = 0; i < plane.length; i++) if (plane[i] > 1.6) plane[i] = 1.6;
  return clipTo(addDiffuse(plane, cell, random.range(0, 0.12)), cell.inside);
}

/** A short, bent, thick thread: a filament drawn in a few strands side by side. */
function addWorm(
  plane: Float32Array,
  random: Random,
  cell: Anatomy,
  at: { x: number; y: number },
  heading: number,
  lengthUm: number,
  thickUm: number,
  curvature: number,
  weight: number,
): void {
  const strands = Math.max(1, Math.round((2 * thickUm) / cell.pixelSizeUm));
  // Strands must run alike to stay one thread, so each starts from the same fork.
  const key = random.integer(1 << 30);
  for (let strand = 0; strand < strands; strand++) {
    const off = (strand - (strands - 1) / 2) * 0.9;
    drawFilament(plane, random.fork(key), cell, {
      x: at.x - off * sin(heading),
      y: at.y + off * cos(heading),
      heading,
      lengthUm,
      curvature,
      memoryUm: 1,
      axisPull: 0,
      edgeMarginUm: 0.6,
      avoidsNucleus: true,
      weight: weight / strands,
      overNucleus: 0.5,
    });
  }
}

/** Light that the nucleus keeps of protein in the cytosol: what lies above and below it. */
const OVER_NUCLEUS = 0.5;

/** Adds the weak even light of protein that is not in the organelle: in the cytosol, which the nucleus displaces. */
function addDiffuse(plane: Float32Array, { thickness, nucleusUm }: Anatomy, level: number): Float32Array {
  for (let i = 0; i < plane.length; i++) {
    plane[i] += level * thickness[i] * (nucleusUm[i] < 0 ? OVER_NUCLEUS : 1);
  }
  return plane;
}

function turnBetween(a: number, b: number): number {
  const turn = a - b;
  return turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
}
