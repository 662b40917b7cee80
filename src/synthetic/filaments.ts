import { cos, type Random, sin } from '../common/index.js';
import type { Anatomy } from './anatomy.js';
import { splat } from './brush.js';

/** How one filament runs through a cell. */
export interface FilamentWalk {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly lengthUm: number;
  /** How fast its direction changes: standard deviation of the curvature in radians a um. */
  readonly curvature: number;
  /** Distance over which the curvature is remembered, in um: long = smooth bends, short = wiggles. */
  readonly memoryUm: number;
  /** Pull towards the cell's long axis, 0 to 1. */
  readonly axisPull: number;
  /** Distance from the outline at which it turns away from it, in um. */
  readonly edgeMarginUm: number;
  /** Whether it goes round the nucleus or passes over it. */
  readonly avoidsNucleus: boolean;
  /** Light per um of length. */
  readonly weight: number;
  /** Factor on the light above or below the nucleus, where a confocal section sees less of it. */
  readonly overNucleus: number;
}

/**
 * Draws a filament as a worm-like chain: the heading follows a curvature that is itself an Ornstein-Uhlenbeck process;
 * near the outline and the nucleus the heading bends along them. It ends at its length or where it leaves the cell.
 */
export function drawFilament(plane: Float32Array, random: Random, cell: Anatomy, walk: FilamentWalk): void {
  const { box, pixelSizeUm, edgeUm, nucleusUm, inside } = cell;
  const { width, height } = box;
  const stepPx = 0.8;
  const stepUm = stepPx * pixelSizeUm;
  const steps = Math.ceil(walk.lengthUm / stepUm);
  const forget = Math.min(1, stepUm / walk.memoryUm);
  // Kicks are uniform, which is faster to draw than normal: the curvature is a sum of many, and so normal all the same.
  const kick = walk.curvature * Math.sqrt(3 * forget * (2 - forget));
  // Light per pixel, not per length: the same filament is as bright at any pixel size, per area.
  const light = (walk.weight * stepUm) / (pixelSizeUm * pixelSizeUm);
  const axisX = cos(cell.axisAngle);
  const axisY = sin(cell.axisAngle);
  let x = walk.x;
  let y = walk.y;
  let hx = cos(walk.heading);
  let hy = sin(walk.heading);
  let curvature = walk.curvature * random.normal();
  for (let step = 0; step < steps; step++) {
    const px = Math.round(x);
    const py = Math.round(y);
    if (px < 1 || py < 1 || px >= width - 1 || py >= height - 1) return;
    const i = py * width + px;
    if (inside[i] === 0) return;
    const shade = nucleusUm[i] < 0 ? walk.overNucleus : 1;
    splat(plane, box, x, y, light * shade);
    curvature += -forget * curvature + kick * (2 * random.uniform() - 1);
    const turn = curvature * stepUm;
    let nx = hx - hy * turn;
    let ny = hy + hx * turn;
    if (walk.axisPull > 0) {
      const along = nx * axisX + ny * axisY;
      const pull = walk.axisPull * stepUm * 0.3 * along;
      nx += axisX * pull;
      ny += axisY * pull;
    }
    if (edgeUm[i] < walk.edgeMarginUm) {
      const gx = edgeUm[i + 1] - edgeUm[i - 1];
      const gy = edgeUm[i + width] - edgeUm[i - width];
      const against = shareAgainst(nx, ny, gx, gy, 0.5);
      nx -= gx * against;
      ny -= gy * against;
    }
    if (walk.avoidsNucleus && nucleusUm[i] < 0.7) {
      const gx = nucleusUm[i + 1] - nucleusUm[i - 1];
      const gy = nucleusUm[i + width] - nucleusUm[i - width];
      const against = shareAgainst(nx, ny, gx, gy, 0.6);
      nx -= gx * against;
      ny -= gy * against;
    }
    const norm = 1 / Math.sqrt(nx * nx + ny * ny + 1e-12);
    hx = nx * norm;
    hy = ny * norm;
    x += hx * stepPx;
    y += hy * stepPx;
  }
}

/**
 * How much of the gradient (gx, gy), of any length, is to be taken off the heading so that a share of its part against the
 * gradient goes.
 */
function shareAgainst(nx: number, ny: number, gx: number, gy: number, share: number): number {
  const squared = gx * gx + gy * gy;
  const against = nx * gx + ny * gy;
  return squared === 0 || against >= 0 ? 0 : (share * against) / squared;
}
