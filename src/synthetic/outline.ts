import { atan2, cos, exp, type Random, sin } from '../common/index.js';
import type { CellStyle } from './settings.js';

/** Equal steps of angle in which an outline is made; a power of two. */
const DIRECTIONS = 256;

/** A star-shaped outline around a centre. */
export interface Outline {
  /** Radius in px in `TURNS` steps of turn, and the first once more. */
  readonly radiiPx: Float32Array;
  /** Largest radius in px. */
  readonly reachPx: number;
}

/** Steps of turn of an outline's table; a multiple of 4. */
const TURNS = 1024;

/** Angle of entry `index` of a table over `DIRECTIONS`. */
function angleOf(index: number): number {
  return (index / DIRECTIONS) * 2 * Math.PI - Math.PI;
}

/**
 * Which way (dx, dy) points, 0 to `TURNS`, without an arc tangent: along the square |x| + |y| = 1 in place of the circle.
 */
function turnOf(dx: number, dy: number): number {
  const along = dy / (Math.abs(dx) + Math.abs(dy));
  return (TURNS / 4) * (dx < 0 ? 2 - along : dy < 0 ? 4 + along : along);
}

/** For each step of turn, where it lies among the `DIRECTIONS`. */
const DIRECTION_OF_TURN = Float64Array.from({ length: TURNS }, (_, turn) => {
  const along = (turn % (TURNS / 4)) / (TURNS / 4);
  const [x, y] = [1 - along, along];
  const quarters = Math.floor(turn / (TURNS / 4));
  const [dx, dy] = [
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ][quarters];
  return ((atan2(dy, dx) + Math.PI) / (2 * Math.PI)) * DIRECTIONS;
});

/** Radius in px in the direction (dx, dy), linear between the table's entries. */
export function outlineRadius({ radiiPx, reachPx }: Outline, dx: number, dy: number): number {
  if (dx === 0 && dy === 0) return reachPx;
  const turn = turnOf(dx, dy);
  const low = turn | 0;
  const least = radiiPx[low];
  return least + (radiiPx[low + 1] - least) * (turn - low);
}

interface ShapeRanges {
  readonly aspect: readonly [number, number];
  /** Strength of the irregular waves along the outline. */
  readonly waves: number;
  /** Number of pointed corners, and how far they stick out as a share of the radius. */
  readonly corners: readonly [number, number];
  readonly cornerReach: readonly [number, number];
}

const CELL_SHAPES: Record<CellStyle, ShapeRanges> = {
  spread: { aspect: [1.1, 2.7], waves: 0.12, corners: [2, 5], cornerReach: [0.15, 1.1] },
  compact: { aspect: [1.1, 2.3], waves: 0.07, corners: [0, 3], cornerReach: [0.05, 0.6] },
  elongated: { aspect: [1.7, 4], waves: 0.1, corners: [0, 3], cornerReach: [0.1, 1] },
};

/** Share of cells with a bay in their outline. */
const BAY_SHARE = 0.4;

/** A cell's outline of the given area, its long axis along `axisAngle`. */
export function cellOutline(random: Random, style: CellStyle, areaPx: number, axisAngle: number): Outline {
  const shape = CELL_SHAPES[style];
  const radii = ellipseRadii(random.range(...shape.aspect), axisAngle);
  addWaves(random, radii, shape.waves);
  const corners = shape.corners[0] + random.integer(shape.corners[1] - shape.corners[0] + 1);
  for (let i = 0; i < corners; i++) addCorner(random, radii, random.range(...shape.cornerReach));
  // Between pulled-out corners the edge arches inward (Thery 2010): a bay is a corner turned round.
  if (random.uniform() < BAY_SHARE) addCorner(random, radii, -random.range(0.15, 0.5));
  // A long cell ends in two points; an ellipse alone would look blunt.
  if (style === 'elongated') {
    addCorner(random, radii, random.range(0, 0.35), axisAngle);
    addCorner(random, radii, random.range(0, 0.35), axisAngle + Math.PI);
  }
  return scaleToArea(radii, areaPx);
}

/**
 * A nucleus: a smooth ellipse of aspect 1 to 1.8, now and then lobed or folded in as in many cancer cell lines.
 * @param lobed 0 = even, 1 = strongly lobed
 */
export function nucleusOutline(random: Random, areaPx: number, axisAngle: number, lobed: number): Outline {
  const radii = ellipseRadii(random.range(1.02, 1.75), axisAngle);
  // The envelope is taut: short waves die out fast.
  for (let harmonic = 2; harmonic <= 6; harmonic++) {
    addWave(random, radii, harmonic, ((0.02 + 0.1 * lobed) * 4) / (harmonic * harmonic));
  }
  const clefts = random.uniform() < lobed ? 1 + random.integer(2) : 0;
  for (let i = 0; i < clefts; i++) addCleft(random, radii);
  return scaleToArea(radii, areaPx);
}

/** A nearly round outline: mitotic cells. */
export function roundOutline(random: Random, areaPx: number): Outline {
  const radii = ellipseRadii(random.range(1, 1.15), random.range(0, Math.PI));
  addWaves(random, radii, 0.02);
  return scaleToArea(radii, areaPx);
}

/** A bar with ragged edges: the chromosomes of a metaphase plate, seen from the side. */
export function plateOutline(random: Random, areaPx: number, axisAngle: number): Outline {
  const radii = ellipseRadii(random.range(2.4, 4), axisAngle);
  for (let i = 0; i < DIRECTIONS; i++) radii[i] *= 1 + 0.06 * random.normal();
  addWaves(random, radii, 0.06);
  return scaleToArea(radii, areaPx);
}

function ellipseRadii(aspect: number, axisAngle: number): Float32Array {
  const a = Math.sqrt(aspect);
  const b = 1 / a;
  const radii = new Float32Array(DIRECTIONS);
  for (let i = 0; i < DIRECTIONS; i++) {
    const angle = angleOf(i) - axisAngle;
    const c = b * cos(angle);
    const s = a * sin(angle);
    radii[i] = (a * b) / Math.sqrt(c * c + s * s);
  }
  return radii;
}

function addWaves(random: Random, radii: Float32Array, strength: number): void {
  for (let harmonic = 2; harmonic <= 9; harmonic++) {
    addWave(random, radii, harmonic, (strength * 2) / harmonic);
  }
  for (let i = 0; i < DIRECTIONS; i++) radii[i] = Math.max(0.35, radii[i]);
}

/** A wave of random phase whose amplitude is normal with the given standard deviation. */
function addWave(random: Random, radii: Float32Array, harmonic: number, spread: number): void {
  const amplitude = random.normal() * spread;
  const phase = random.range(0, 2 * Math.PI);
  for (let i = 0; i < DIRECTIONS; i++) radii[i] *= 1 + amplitude * cos(harmonic * angleOf(i) + phase);
}

/** A rounded fold inward. */
function addCleft(random: Random, radii: Float32Array): void {
  const angle = random.range(0, 2 * Math.PI);
  const depth = random.range(0.1, 0.4);
  const width = random.range(0.2, 0.5);
  for (let i = 0; i < DIRECTIONS; i++) {
    const turn = wrapAngle(angleOf(i) - angle) / width;
    radii[i] *= 1 - depth * exp(-turn * turn);
  }
}

function addCorner(
  random: Random,
  radii: Float32Array,
  reach: number,
  angle = random.range(0, 2 * Math.PI),
): void {
  const width = random.range(0.12, 0.4);
  for (let i = 0; i < DIRECTIONS; i++) {
    const turn = Math.abs(wrapAngle(angleOf(i) - angle)) / width;
    // A cusp rather than a bell: corners of spread cells are pulled out to a point.
    radii[i] *= 1 + reach * exp(-turn);
  }
}

function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** @param radii in `DIRECTIONS` equal steps of angle, of any scale */
function scaleToArea(radii: Float32Array, areaPx: number): Outline {
  let squares = 0;
  for (const radius of radii) squares += radius * radius;
  const scale = Math.sqrt(areaPx / ((squares * Math.PI) / DIRECTIONS));
  let reachPx = 0;
  for (let i = 0; i < DIRECTIONS; i++) if (radii[i] * scale > reachPx) reachPx = radii[i] * scale;
  const radiiPx = new Float32Array(TURNS + 2);
  for (let turn = 0; turn < TURNS; turn++) {
    const at = DIRECTION_OF_TURN[turn];
    const low = Math.floor(at);
    const from = radii[low & (DIRECTIONS - 1)];
    radiiPx[turn] = scale * (from + (radii[(low + 1) & (DIRECTIONS - 1)] - from) * (at - low));
  }
  // A direction may be rounded to a whole turn.
  radiiPx[TURNS] = radiiPx[0];
  radiiPx[TURNS + 1] = radiiPx[1];
  return { radiiPx, reachPx };
}
