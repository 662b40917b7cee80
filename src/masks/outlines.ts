import { cropRle } from './combine.js';
import { rleBox } from './measure.js';
import { decodeMask, type Rle } from './rle.js';

/** Corners of a closed line along pixel edges, x and y in turn, in pixels; the first corner is not repeated. */
export type Ring = Int32Array;

/** A region without a break: its outer ring and those of its holes. */
export interface Outline {
  /** Clockwise as seen in the image (y points down). */
  readonly outer: Ring;
  /** Counter-clockwise. */
  readonly holes: readonly Ring[];
}

/**
 * Outlines of a mask along the edges of its pixels: exactly its area, corners only. Pixels that touch at a corner alone
 * are separate regions (4-connected), so that no ring crosses itself. By the topmost, then leftmost pixel of each.
 */
export function traceOutlines(rle: Rle): Outline[] {
  const box = rleBox(rle);
  // One empty pixel around the mask spares every test for the border.
  const width = box.width + 2;
  const height = box.height + 2;
  const mask = decodeMask(cropRle(rle, { x: box.x - 1, y: box.y - 1, width, height }));
  const rings = traceRings(mask, width, height);
  const outers = rings.filter(({ area }) => area > 0).map((ring) => ({ ...ring, holes: [] as Ring[] }));
  const move = (ring: Ring): Ring => ring.map((value, i) => value + (i % 2 === 0 ? box.x : box.y) - 1);
  for (const hole of rings.filter(({ area }) => area < 0)) {
    // Rings may nest (an island in a hole): the smallest outer ring around a hole is its own.
    const around = outers.filter(({ ring }) => contains(ring, hole.startX + 0.5, hole.startY - 0.5));
    around.reduce((best, outer) => (outer.area < best.area ? outer : best)).holes.push(move(hole.ring));
  }
  return outers.map(({ ring, holes }) => ({ outer: move(ring), holes }));
}

interface TracedRing {
  readonly ring: Ring;
  /** Positive for an outer ring, negative for a hole. */
  readonly area: number;
  /** The set pixel along whose upper edge the ring starts; above it lies the outside, or the hole. */
  readonly startX: number;
  readonly startY: number;
}

/** Right, down, left, up. */
const STEP_X = [1, 0, -1, 0];
const STEP_Y = [0, 1, 0, -1];

/** Walks every edge between set and unset pixels once, with the set pixel on the right hand. */
function traceRings(mask: Uint8Array, width: number, height: number): TracedRing[] {
  const rings: TracedRing[] = [];
  /** Upper edges of set pixels that are on a ring already, by the pixel. */
  const done = new Uint8Array(mask.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      // Every ring, outer or hole, goes right along the upper edge of some pixel: start there.
      if (mask[at] === 0 || mask[at - width] === 1 || done[at] === 1) continue;
      const ring = walk(mask, width, x, y, done);
      rings.push({ ring, area: signedArea(ring), startX: x, startY: y });
    }
  }
  return rings;
}

function walk(mask: Uint8Array, width: number, startX: number, startY: number, done: Uint8Array): Ring {
  const corners: number[] = [];
  let x = startX;
  let y = startY;
  let direction = 0;
  do {
    if (direction === 0) done[y * width + x] = 1;
    x += STEP_X[direction];
    y += STEP_Y[direction];
    const turned = nextDirection(mask, width, x, y, direction);
    if (turned !== direction) corners.push(x, y);
    direction = turned;
  } while (x !== startX || y !== startY || direction !== 0);
  return Int32Array.from(corners);
}

/** At a corner of the pixel grid: right where the pixel ahead on the right is unset, left where both ahead are set. */
function nextDirection(mask: Uint8Array, width: number, x: number, y: number, direction: number): number {
  const right = (direction + 1) & 3;
  const left = (direction + 3) & 3;
  if (mask[pixelAt(width, x, y, direction, right)] === 0) return right;
  return mask[pixelAt(width, x, y, direction, left)] === 1 ? left : direction;
}

/** Index of the pixel that touches grid corner (x, y) ahead in `direction`, on the given side. */
function pixelAt(width: number, x: number, y: number, direction: number, side: number): number {
  const dx = STEP_X[direction] + STEP_X[side];
  const dy = STEP_Y[direction] + STEP_Y[side];
  return (dy > 0 ? y : y - 1) * width + (dx > 0 ? x : x - 1);
}

/** Shoelace formula: positive for a ring that is clockwise where y points down. */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    sum += ring[i] * ring[next + 1] - ring[next] * ring[i + 1];
  }
  return sum / 2;
}

/** Whether a point that is on no edge lies inside a ring: an odd number of its vertical edges are to the left. */
function contains(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    const crosses = ring[i] === ring[next] && ring[i + 1] > y !== ring[next + 1] > y;
    if (crosses && ring[i] < x) inside = !inside;
  }
  return inside;
}
