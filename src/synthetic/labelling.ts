import type { Random } from '../common/index.js';
import { labelPieces } from '../imaging/index.js';
import type { CellSeed } from './layout.js';
import { noisePlane } from './noise.js';
import { type Outline, outlineRadius } from './outline.js';

/** Cytoplasm that is at least left around a nucleus. */
export const NUCLEUS_RIM_UM = 0.9;

/**
 * Draws cells and nuclei. A pixel belongs to the cell whose outline it lies deepest in (as a share of the radius), so
 * overlapping outlines meet along a line; a nucleus and a rim around it always belong to their own cell. The canvas is
 * warped by smooth noise so that edges are not mere waves. Parts cut off from the nucleus are background.
 */
export function drawLabels(
  random: Random,
  seeds: readonly CellSeed[],
  width: number,
  height: number,
  pixelSizeUm: number,
): { cells: Int32Array; nuclei: Int32Array } {
  const canvas: Canvas = {
    width,
    height,
    cells: new Int32Array(width * height),
    nuclei: new Int32Array(width * height),
    depth: new Float32Array(width * height).fill(1),
    warp: makeWarp(random, width, height, pixelSizeUm),
  };
  const rimPx = NUCLEUS_RIM_UM / pixelSizeUm;
  seeds.forEach((seed, k) => {
    drawCell(canvas, seed, k + 1);
  });
  seeds.forEach((seed, k) => {
    // The envelope is stiffer than the cell's edge: it follows the warp but little.
    const calm = seed.mitotic ? 0 : 0.12;
    for (const nucleus of seed.nuclei) drawNucleus(canvas, nucleus, k + 1, rimPx, calm);
  });
  keepPartsWithNucleus(canvas, seeds);
  return { cells: canvas.cells, nuclei: canvas.nuclei };
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly cells: Int32Array;
  readonly nuclei: Int32Array;
  /** How deep a pixel lies in the outline of its cell: 0 in the centre to 1 at the edge. */
  readonly depth: Float32Array;
  readonly warp: Warp;
}

interface Shape {
  readonly x: number;
  readonly y: number;
  readonly outline: Outline;
}

function drawCell(
  { width, height, cells, depth, warp }: Canvas,
  { x: centreX, y: centreY, outline }: Shape,
  label: number,
): void {
  const { reachPx } = outline;
  const rows = rowsWithin(centreY, reachPx + warp.reachPx, height);
  for (let y = rows.first; y <= rows.last; y++) {
    const dy = y - centreY;
    const { first, last } = columnsWithin(centreX, dy, reachPx + warp.reachPx, width);
    for (let x = first, i = y * width + first; x <= last; x++, i++) {
      const wx = x - centreX + warp.x[i];
      const wy = dy + warp.y[i];
      const squared = wx * wx + wy * wy;
      const deepest = depth[i];
      const bound = deepest * reachPx;
      if (squared > bound * bound) continue;
      const radius = outlineRadius(outline, wx, wy);
      const limit = deepest * radius;
      if (squared >= limit * limit) continue;
      depth[i] = Math.sqrt(squared) / radius;
      cells[i] = label;
    }
  }
}

function drawNucleus(
  { width, height, cells, nuclei, warp }: Canvas,
  { x: centreX, y: centreY, outline }: Shape,
  label: number,
  rimPx: number,
  calm: number,
): void {
  const reachPx = outline.reachPx + rimPx;
  const rows = rowsWithin(centreY, reachPx + warp.reachPx, height);
  for (let y = rows.first; y <= rows.last; y++) {
    const dy = y - centreY;
    const { first, last } = columnsWithin(centreX, dy, reachPx + warp.reachPx, width);
    for (let x = first, i = y * width + first; x <= last; x++, i++) {
      const wx = x - centreX + calm * warp.x[i];
      const wy = dy + calm * warp.y[i];
      const squared = wx * wx + wy * wy;
      if (squared >= reachPx * reachPx) continue;
      const distance = Math.sqrt(squared);
      const radius = outlineRadius(outline, wx, wy);
      if (distance < radius + rimPx) cells[i] = label;
      if (distance < radius) nuclei[i] = label;
    }
  }
}

interface Span {
  readonly first: number;
  readonly last: number;
}

function rowsWithin(centre: number, reach: number, height: number): Span {
  return {
    first: Math.max(0, Math.floor(centre - reach)),
    last: Math.min(height - 1, Math.ceil(centre + reach)),
  };
}

/** The columns that a circle crosses in a row `dy` from its centre; none where the row misses it. */
function columnsWithin(centre: number, dy: number, reach: number, width: number): Span {
  const half = Math.sqrt(Math.max(0, reach * reach - dy * dy));
  return rowsWithin(centre, half, width);
}

interface Warp {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly reachPx: number;
}

function makeWarp(random: Random, width: number, height: number, pixelSizeUm: number): Warp {
  // Some cell lines have smooth edges, some ruffled ones.
  const coarsePx = random.range(1.5, 3.2) / pixelSizeUm;
  const finePx = random.range(0.1, 0.8) / pixelSizeUm;
  const axis = () => {
    const coarse = noisePlane(random, width, height, 9 / pixelSizeUm);
    const fine = noisePlane(random, width, height, 1.8 / pixelSizeUm, 2);
    for (let i = 0; i < coarse.length; i++)
      coarse[i] = 2 * ((coarse[i] - 0.5) * coarsePx + (fine[i] - 0.5) * finePx);
    return coarse;
  };
  return { x: axis(), y: axis(), reachPx: coarsePx + finePx };
}

/** Clears pieces of a cell that bear no pixel of its nucleus. */
function keepPartsWithNucleus({ width, height, cells, nuclei }: Canvas, seeds: readonly CellSeed[]): void {
  const pieces = labelPieces({ width, height, data: cells }).data;
  const kept = new Uint8Array(pieces.length + 1);
  for (let i = 0; i < nuclei.length; i++) {
    if (nuclei[i] === 0) continue;
    if (cells[i] === nuclei[i]) kept[pieces[i]] = 1;
    else nuclei[i] = 0;
  }
  // A cell whose nucleus lies outside the canvas keeps the piece at its centre's nearest pixel: it has none.
  seeds.forEach((seed, k) => {
    const x = Math.min(width - 1, Math.max(0, Math.round(seed.x)));
    const y = Math.min(height - 1, Math.max(0, Math.round(seed.y)));
    const i = y * width + x;
    if (cells[i] === k + 1) kept[pieces[i]] = 1;
  });
  for (let i = 0; i < cells.length; i++) if (kept[pieces[i]] === 0) cells[i] = 0;
}
