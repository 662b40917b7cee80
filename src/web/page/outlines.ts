import type { LabelImage } from '../../imaging/index.js';
import { encodeLabelImage, type Ring, traceOutlines } from '../../masks/index.js';

/** Paths of the labels' outlines in pixels of the field, by label. */
export function outlinePaths(labels: LabelImage): Map<number, Path2D> {
  const paths = new Map<number, Path2D>();
  for (const [label, mask] of encodeLabelImage(labels)) {
    const path = new Path2D();
    for (const { outer, holes } of traceOutlines(mask)) {
      for (const ring of [outer, ...holes]) addRing(path, simplify(ring));
    }
    paths.set(label, path);
  }
  return paths;
}

function addRing(path: Path2D, ring: readonly number[]): void {
  path.moveTo(ring[0], ring[1]);
  for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
  path.closePath();
}

/**
 * A ring with its staircase along pixels smoothed: short sides become their midpoints, long ones stay but for a pixel at each
 * end, so the line keeps within a pixel of the ring. Drawing thousands of right angles is what costs time.
 */
function simplify(ring: Ring): number[] {
  const points: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const x = ring[i];
    const y = ring[i + 1];
    const toX = ring[(i + 2) % ring.length] - x;
    const toY = ring[(i + 3) % ring.length] - y;
    const length = Math.abs(toX) + Math.abs(toY);
    const shares = length <= 2 ? [0.5] : [1 / length, 1 - 1 / length];
    for (const share of shares) addPoint(points, x + toX * share, y + toY * share);
  }
  return points;
}

/** Adds a point; the last one goes where it lies on the line to the new one. */
function addPoint(points: number[], x: number, y: number): void {
  const last = points.length;
  if (last >= 4) {
    const cross =
      (points[last - 2] - points[last - 4]) * (y - points[last - 3]) -
      (points[last - 1] - points[last - 3]) * (x - points[last - 4]);
    if (Math.abs(cross) < 0.6) points.length -= 2;
  }
  points.push(x, y);
}
