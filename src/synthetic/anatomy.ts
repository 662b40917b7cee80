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
  /** The part of the box that holds the nucleus and what its light reaches around it; empty where the canvas holds none. */
  readonly nucleusBox: Box;
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
/** How far the light of a nucleus reaches beyond its outline, and the room for it in its box. */
const NUCLEUS_MARGIN_UM = 0.5;
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
  let left = box.width;
  let right = -1;
  let top = box.height;
  let bottom = -1;
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
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        bottom = y;
      } else {
        notNucleus[i] = 1;
      }
    }
  }
  const edgeUm = distanceTransform(inside, box.width, box.height);
  for (let i = 0; i < size; i++) edgeUm[i] *= pixelSizeUm;
  const nucleusBox = widened(
    { left, right, top, bottom },
    Math.ceil(NUCLEUS_MARGIN_UM / pixelSizeUm) + 2,
    box,
  );
  const nucleusUm = signedDistance(nucleus, notNucleus, nucleusBox, box, pixelSizeUm);
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
    nucleusBox,
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

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where each cell of the layout lies, with a px of outside around it; null for one without a pixel. Entry k is of label k + 1. */
export function cellBoxes(layout: Layout): (Box | null)[] {
  const { width, height, cells, seeds } = layout;
  const left = new Int32Array(seeds.length + 1).fill(width);
  const right = new Int32Array(seeds.length + 1).fill(-1);
  const top = new Int32Array(seeds.length + 1).fill(-1);
  const bottom = new Int32Array(seeds.length + 1);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = cells[i];
      if (label === 0) continue;
      if (x < left[label]) left[label] = x;
      if (x > right[label]) right[label] = x;
      if (top[label] < 0) top[label] = y;
      bottom[label] = y;
    }
  }
  return seeds.map((_, k) => {
    if (right[k + 1] < 0) return null;
    const bounds = { left: left[k + 1], right: right[k + 1], top: top[k + 1], bottom: bottom[k + 1] };
    // One px of outside on each side, so that distances to the outline are right.
    return widened(bounds, 1, layout);
  });
}

/** The bounds as a box with a margin, within an area of that size. */
function widened(bounds: Bounds, marginPx: number, { width, height }: Pick<Box, 'width' | 'height'>): Box {
  if (bounds.right < 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = Math.max(0, bounds.left - marginPx);
  const y = Math.max(0, bounds.top - marginPx);
  return {
    x,
    y,
    width: Math.min(width - 1, bounds.right + marginPx) - x + 1,
    height: Math.min(height - 1, bounds.bottom + marginPx) - y + 1,
  };
}

function signedDistance(
  nucleus: Uint8Array,
  notNucleus: Uint8Array,
  nucleusBox: Box,
  { width, height }: Box,
  pixelSizeUm: number,
): Float32Array {
  if (nucleusBox.width === 0) return new Float32Array(nucleus.length).fill(FAR_UM);
  const signed = distanceTransform(notNucleus, width, height);
  for (let i = 0; i < signed.length; i++) signed[i] = (signed[i] - 0.5) * pixelSizeUm;
  // Within the nucleus distances need no more than its own box.
  const own = new Uint8Array(nucleusBox.width * nucleusBox.height);
  for (let y = 0; y < nucleusBox.height; y++) {
    const from = (y + nucleusBox.y) * width + nucleusBox.x;
    own.set(nucleus.subarray(from, from + nucleusBox.width), y * nucleusBox.width);
  }
  const inner = distanceTransform(own, nucleusBox.width, nucleusBox.height);
  for (let y = 0, k = 0; y < nucleusBox.height; y++) {
    let i = (y + nucleusBox.y) * width + nucleusBox.x;
    for (let x = 0; x < nucleusBox.width; x++, i++, k++) {
      if (own[k] === 1) signed[i] = (0.5 - inner[k]) * pixelSizeUm;
    }
  }
  return signed;
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
  const bend = noisePlane(random, box.width, box.height, 1.5 / pixelSizeUm, 1, cell.nucleusBox);
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
