import { cos, exp, type Random, sin } from '../common/index.js';
import { type Box, distanceTransform } from '../imaging/index.js';
import type { Layout } from './layout.js';
import { noisePlane } from './noise.js';

/** A round thing inside a cell, in px of the cell's box. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
}

/**
 * A cell's own map: where its edge, its nucleus, its nucleoli and its centrosome are. All planes have the size of `box`,
 * row by row; all positions are px in the box. Reference channels and protein patterns are both drawn on it.
 */
export interface Anatomy {
  readonly label: number;
  /** Where the cell lies on the layout's canvas. */
  readonly box: Box;
  readonly pixelSizeUm: number;
  readonly mitotic: boolean;
  readonly axisAngle: number;
  readonly areaUm2: number;
  readonly inside: Uint8Array;
  /** Distance to the outline in um, 0 outside the cell. */
  readonly edgeUm: Float32Array;
  /** Distance to the nuclear envelope in um: negative inside the nucleus; large where the canvas holds no nucleus. */
  readonly nucleusUm: Float32Array;
  /** Height of the cell, 0 at the edge to 1: how much cytoplasm a thick optical section sees. */
  readonly thickness: Float32Array;
  /** 0 to 1: inside a nucleolus. */
  readonly nucleoli: Float32Array;
  readonly nucleolusSpots: readonly Spot[];
  readonly nucleusCentre: { readonly x: number; readonly y: number };
  readonly nucleusRadiusUm: number;
  readonly centrosome: { readonly x: number; readonly y: number };
  /** Poles of the spindle; empty outside mitosis. */
  readonly poles: readonly { readonly x: number; readonly y: number }[];
}

const FAR_UM = 1e3;
/** A cell rises from its edge to its full height over about this distance. */
const SLOPE_UM = 3;

/** Surveys cell `label` of the layout, which lies in `box`. */
export function surveyCell(
  random: Random,
  layout: Layout,
  label: number,
  box: Box,
  pixelSizeUm: number,
): Anatomy {
  const seed = layout.seeds[label - 1];
  const size = box.width * box.height;
  const inside = new Uint8Array(size);
  const nucleus = new Uint8Array(size);
  const notNucleus = new Uint8Array(size);
  let areaPx = 0;
  let nucleusPx = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0, i = 0; y < box.height; y++) {
    let at = (y + box.y) * layout.width + box.x;
    for (let x = 0; x < box.width; x++, i++, at++) {
      if (layout.cells[at] === label) {
        inside[i] = 1;
        areaPx++;
      }
      if (layout.nuclei[at] === label) {
        nucleus[i] = 1;
        nucleusPx++;
        sumX += x;
        sumY += y;
      } else {
        notNucleus[i] = 1;
      }
    }
  }
  const edgeUm = distanceTransform(inside, box.width, box.height);
  for (let i = 0; i < size; i++) edgeUm[i] *= pixelSizeUm;
  const nucleusUm = signedDistance(nucleus, notNucleus, nucleusPx, box, pixelSizeUm);
  const nucleusCentre =
    nucleusPx > 0
      ? { x: sumX / nucleusPx, y: sumY / nucleusPx }
      : { x: seed.nuclei[0].x - box.x, y: seed.nuclei[0].y - box.y };
  const nucleusRadiusUm = Math.sqrt(Math.max(1, nucleusPx) / Math.PI) * pixelSizeUm;
  const thickness = new Float32Array(size);
  const slopeUm = SLOPE_UM * random.range(0.6, 1.6);
  for (let i = 0; i < size; i++) {
    if (inside[i] === 0) continue;
    const rise = edgeUm[i] / (edgeUm[i] + slopeUm);
    const shoulder = nucleusUm[i] > 0 ? 1 / (1 + nucleusUm[i] / 12) : 1;
    thickness[i] = rise * (0.5 + 0.5 * shoulder) * 1.3;
  }
  const partial = {
    label,
    box,
    pixelSizeUm,
    mitotic: seed.mitotic,
    axisAngle: seed.axisAngle,
    areaUm2: areaPx * pixelSizeUm * pixelSizeUm,
    inside,
    edgeUm,
    nucleusUm,
    thickness,
    nucleusCentre,
    nucleusRadiusUm,
  };
  const nucleolusSpots = seed.mitotic ? [] : placeNucleoli(random, partial);
  return {
    ...partial,
    nucleolusSpots,
    nucleoli: drawNucleoli(random, partial, nucleolusSpots),
    centrosome: placeCentrosome(random, partial),
    poles: seed.mitotic ? placePoles(random, partial) : [],
  };
}

type Ground = Omit<Anatomy, 'nucleoli' | 'nucleolusSpots' | 'centrosome' | 'poles'>;

/** Where cell `label` lies, with a px to spare around it; null where the layout has no pixel of it. */
export function cellBox(layout: Layout, label: number): Box | null {
  const seed = layout.seeds[label - 1];
  const { width, height, cells } = layout;
  // Warped and rimmed, a cell stays well within twice its outline's reach.
  const reach = seed.outline.reachPx * 1.3 + 40;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = Math.max(0, Math.floor(seed.y - reach)); y < Math.min(height, seed.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(seed.x - reach)); x < Math.min(width, seed.x + reach); x++) {
      if (cells[y * width + x] !== label) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  if (right < 0) return null;
  // One px of outside on each side, so that distances to the outline are right.
  left = Math.max(0, left - 1);
  top = Math.max(0, top - 1);
  right = Math.min(width - 1, right + 1);
  bottom = Math.min(height - 1, bottom + 1);
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function signedDistance(
  nucleus: Uint8Array,
  notNucleus: Uint8Array,
  nucleusPx: number,
  box: Box,
  pixelSizeUm: number,
): Float32Array {
  if (nucleusPx === 0) return new Float32Array(nucleus.length).fill(FAR_UM);
  const outer = distanceTransform(notNucleus, box.width, box.height);
  const inner = distanceTransform(nucleus, box.width, box.height);
  for (let i = 0; i < outer.length; i++) {
    outer[i] = (nucleus[i] === 1 ? 0.5 - inner[i] : outer[i] - 0.5) * pixelSizeUm;
  }
  return outer;
}

/** One to five nucleoli, well inside the nucleus and apart from each other where there is room. */
function placeNucleoli(random: Random, cell: Ground): Spot[] {
  const count = 1 + Math.min(random.integer(5), random.integer(6));
  const spots: Spot[] = [];
  for (let i = 0; i < count; i++) {
    const radiusUm = cell.nucleusRadiusUm * random.range(0.12, 0.27);
    const radiusPx = radiusUm / cell.pixelSizeUm;
    for (let attempt = 0; attempt < 20; attempt++) {
      const at = pointWhere(random, cell, (j) => cell.nucleusUm[j] < -radiusUm * 1.1);
      if (at === null) break;
      const clear = spots.every((spot) => {
        const dx = spot.x - at.x;
        const dy = spot.y - at.y;
        return Math.sqrt(dx * dx + dy * dy) > spot.radiusPx + radiusPx;
      });
      if (!clear) continue;
      spots.push({ ...at, radiusPx });
      break;
    }
  }
  return spots;
}

/** Irregular blobs: distance to the spot's centre, bent by noise, through a soft step at the radius. */
function drawNucleoli(random: Random, cell: Ground, spots: readonly Spot[]): Float32Array {
  const { box, pixelSizeUm, nucleusUm } = cell;
  const out = new Float32Array(box.width * box.height);
  if (spots.length === 0) return out;
  const bend = noisePlane(random, box.width, box.height, 1.5 / pixelSizeUm);
  const softPx = Math.max(0.5, 0.25 / pixelSizeUm);
  for (const spot of spots) {
    const reach = Math.ceil(spot.radiusPx * 1.8 + 2);
    const aspect = random.range(0.6, 1);
    const angle = random.range(0, Math.PI);
    const c = cos(angle);
    const s = sin(angle);
    for (let y = Math.max(0, Math.floor(spot.y - reach)); y < Math.min(box.height, spot.y + reach); y++) {
      for (let x = Math.max(0, Math.floor(spot.x - reach)); x < Math.min(box.width, spot.x + reach); x++) {
        const i = y * box.width + x;
        if (nucleusUm[i] >= 0) continue;
        const along = (x - spot.x) * c + (y - spot.y) * s;
        const across = ((y - spot.y) * c - (x - spot.x) * s) / aspect;
        const distance = Math.sqrt(along * along + across * across);
        const edge = spot.radiusPx * (0.7 + 0.6 * bend[i]);
        const value = 1 / (1 + exp((distance - edge) / (softPx * 0.5)));
        if (value > out[i]) out[i] = value;
      }
    }
  }
  return out;
}

/** Near the nucleus, on the side with more room: where textbooks draw the microtubule-organizing centre. */
function placeCentrosome(random: Random, cell: Ground): { x: number; y: number } {
  const best = { x: cell.nucleusCentre.x, y: cell.nucleusCentre.y, room: -1 };
  for (let i = 0; i < 12; i++) {
    const at = pointWhere(random, cell, (j) => Math.abs(cell.nucleusUm[j] - 1) < 1.2);
    if (at === null) break;
    const index = Math.round(at.y) * cell.box.width + Math.round(at.x);
    const room = cell.edgeUm[index] * random.range(0.5, 1);
    if (room > best.room) Object.assign(best, at, { room });
  }
  return { x: best.x, y: best.y };
}

function placePoles(random: Random, cell: Ground): { x: number; y: number }[] {
  const halfPx = random.range(4.2, 6) / cell.pixelSizeUm;
  return [-1, 1].map((side) => ({
    x: cell.nucleusCentre.x + side * halfPx * cos(cell.axisAngle),
    y: cell.nucleusCentre.y + side * halfPx * sin(cell.axisAngle),
  }));
}

/**
 * A random point of the cell at whose pixel `accept` holds, by rejection; null where 400 tries found none.
 * @param accept is given the pixel's index in the box
 */
export function pointWhere(
  random: Random,
  cell: Pick<Anatomy, 'box' | 'inside'>,
  accept: (index: number) => boolean,
): { x: number; y: number } | null {
  const { width, height } = cell.box;
  for (let attempt = 0; attempt < 400; attempt++) {
    const x = random.integer(width);
    const y = random.integer(height);
    const i = y * width + x;
    if (cell.inside[i] === 1 && accept(i)) return { x, y };
  }
  return null;
}
