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
 * The midpoints of a ring's sides: the staircase along pixels becomes a line that stays within half a pixel of it, with as many
 * corners. Drawing thousands of right angles is what costs time.
 */
function simplify(ring: Ring): number[] {
  const points: number[] = [];
  const n = ring.length;
  for (let i = 0; i < n; i += 2) {
    const x = (ring[i] + ring[(i + 2) % n]) / 2;
    const y = (ring[i + 1] + ring[(i + 3) % n]) / 2;
    const last = points.length;
    // On a straight slope every second point says nothing new.
    if (last >= 4) {
      const cross =
        (points[last - 2] - points[last - 4]) * (y - points[last - 3]) -
        (points[last - 1] - points[last - 3]) * (x - points[last - 4]);
      if (Math.abs(cross) < 0.6) points.length -= 2;
    }
    points.push(x, y);
  }
  return points;
}
