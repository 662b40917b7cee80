import type { Outline } from './outlines.js';
import type { Rle } from './rle.js';
import { RunWriter } from './run-writer.js';

/** Edges are walked on a grid this many times finer than the pixels (cocoapi, maskApi.c, rleFrPoly). */
const FINER = 5;

/**
 * The pixels inside a polygon, chosen as cocoapi's rleFrPoly chooses them, so that a polygon means the same pixels to us
 * as to pycocotools. Along pixel edges (see `outlinePolygon`) these are exactly the enclosed ones.
 * @param corners x and y in turn, in pixels; may reach beyond the image
 */
export function rasterizePolygon(corners: readonly number[], width: number, height: number): Rle {
  const crossings = Float64Array.from(columnCrossings(corners, width, height)).sort();
  const runs = new RunWriter();
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    if (crossings[i] < crossings[i + 1]) runs.set(crossings[i], crossings[i + 1]);
  }
  return { width, height, counts: runs.finish(width * height) };
}

/** Where the polygon's line crosses the middles of pixel columns, as positions down the columns. */
function columnCrossings(corners: readonly number[], width: number, height: number): number[] {
  const finer = (value: number) => Math.trunc(FINER * value + 0.5);
  const count = corners.length >> 1;
  const crossings: number[] = [];
  let lastX = finer(corners[0]);
  let lastY = finer(corners[1]);
  const visit = (x: number, y: number) => {
    if (x !== lastX) {
      const column = (Math.min(x, lastX) + 0.5) / FINER - 0.5;
      if (Number.isInteger(column) && column >= 0 && column < width) {
        const row = Math.ceil((Math.min(y, lastY) + 0.5) / FINER - 0.5);
        crossings.push(column * height + Math.min(height, Math.max(0, row)));
      }
    }
    lastX = x;
    lastY = y;
  };
  for (let corner = 0; corner < count; corner++) {
    const next = (corner + 1) % count;
    walkEdge(
      [finer(corners[2 * corner]), finer(corners[2 * corner + 1])],
      [finer(corners[2 * next]), finer(corners[2 * next + 1])],
      visit,
    );
  }
  return crossings;
}

type Point = readonly [x: number, y: number];

/** Visits a grid point for each step along the longer axis. Rounding begins at the lower end, so both ways give one line. */
function walkEdge(from: Point, to: Point, visit: (x: number, y: number) => void): void {
  const spanX = Math.abs(to[0] - from[0]);
  const spanY = Math.abs(to[1] - from[1]);
  const span = Math.max(spanX, spanY);
  if (span === 0) return;
  const [long, short] = spanX >= spanY ? [0, 1] : [1, 0];
  const backwards = from[long] > to[long];
  const [low, high] = backwards ? [to, from] : [from, to];
  const slope = (high[short] - low[short]) / span;
  for (let step = 0; step <= span; step++) {
    const along = backwards ? span - step : step;
    const across = Math.trunc(low[short] + slope * along + 0.5);
    if (long === 0) visit(low[0] + along, across);
    else visit(across, low[1] + along);
  }
}

/**
 * An outline as one polygon of COCO's kind, which knows no holes: the line goes from the outer ring's first corner to
 * each hole and back the same way, which encloses nothing. `rasterizePolygon` gives back exactly the outline's pixels.
 */
export function outlinePolygon({ outer, holes }: Outline): number[] {
  const start = [outer[0], outer[1]];
  return [...outer, ...holes.flatMap((hole) => [...start, ...hole, hole[0], hole[1]])];
}
