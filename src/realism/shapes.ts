import { type LabelImage, measureRegions } from '../imaging/index.js';

/** Cells closer than this are neighbours. */
export const NEIGHBOUR_UM = 1;

/** How one cell of a label image is shaped and how it stands to others. */
export interface CellShape {
  readonly areaUm2: number;
  /** Long over short axis of the ellipse with the same second moments, 1 on. */
  readonly elongation: number;
  /** Area over the area of its convex hull, 0 to 1. */
  readonly solidity: number;
  /** Other cells within `NEIGHBOUR_UM` of it. */
  readonly neighbours: number;
  readonly touchesBorder: boolean;
}

/** The shapes of one field's cells and how much of it they cover. */
export interface FieldShapes {
  readonly cells: readonly CellShape[];
  /** Share of the field that cells cover. */
  readonly coverage: number;
}

/** Measures every cell of a label image. */
export function measureShapes(labels: LabelImage, pixelSizeUm: number): FieldShapes {
  const { width, height } = labels;
  const neighbours = countNeighbours(labels, NEIGHBOUR_UM / pixelSizeUm);
  let coveredPx = 0;
  const cells = measureRegions(labels).map(({ label, box, areaPx, touchesEdge }): CellShape => {
    coveredPx += areaPx;
    const moments = { x: 0, y: 0, xx: 0, yy: 0, xy: 0 };
    const corners: Point[] = [];
    for (let y = box.y; y < box.y + box.height; y++) {
      let first = -1;
      let last = -1;
      for (let x = box.x; x < box.x + box.width; x++) {
        if (labels.data[y * width + x] !== label) continue;
        if (first < 0) first = x;
        last = x;
        const u = x - box.x;
        const v = y - box.y;
        moments.x += u;
        moments.y += v;
        moments.xx += u * u;
        moments.yy += v * v;
        moments.xy += u * v;
      }
      if (first < 0) continue;
      for (const edge of [y, y + 1]) corners.push({ x: first, y: edge }, { x: last + 1, y: edge });
    }
    return {
      areaUm2: areaPx * pixelSizeUm * pixelSizeUm,
      elongation: elongationOf(moments, areaPx),
      solidity: areaPx / hullArea(corners),
      neighbours: neighbours.get(label)?.size ?? 0,
      touchesBorder: touchesEdge,
    };
  });
  return { cells, coverage: coveredPx / (width * height) };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function elongationOf(
  sums: { x: number; y: number; xx: number; yy: number; xy: number },
  count: number,
): number {
  // A pixel is a square, not a point: each adds 1/12 to both variances.
  const xx = sums.xx / count - (sums.x / count) ** 2 + 1 / 12;
  const yy = sums.yy / count - (sums.y / count) ** 2 + 1 / 12;
  const xy = sums.xy / count - (sums.x * sums.y) / (count * count);
  const mean = (xx + yy) / 2;
  const spread = Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
  return Math.sqrt((mean + spread) / Math.max(mean - spread, 1 / 12));
}

/** Area of the convex hull (Andrew 1979, monotone chain). */
function hullArea(points: readonly Point[]): number {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0)
        chain.pop();
      chain.push(point);
    }
    return chain;
  };
  const hull = [...half(sorted).slice(0, -1), ...half(sorted.reverse()).slice(0, -1)];
  const doubled = hull.reduce((sum, a, i) => {
    const b = hull[(i + 1) % hull.length];
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
  return Math.abs(doubled) / 2;
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** For each label, the labels that have a pixel within `reachPx` of one of its outline. */
function countNeighbours(labels: LabelImage, reachPx: number): Map<number, Set<number>> {
  const { width, height, data } = labels;
  const reach = Math.floor(reachPx);
  const disc: Point[] = [];
  for (let y = 0; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      // Half of the disc is enough: each pair is seen from one of its two sides.
      if (x * x + y * y <= reachPx * reachPx && (y > 0 || x > 0)) disc.push({ x, y });
    }
  }
  const found = new Map<number, Set<number>>();
  const note = (a: number, b: number) => {
    const set = found.get(a);
    if (set === undefined) found.set(a, new Set([b]));
    else set.add(b);
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const own = data[i];
      if (own === 0 || !isOutline(labels, x, y)) continue;
      for (const step of disc) {
        const column = x + step.x;
        const row = y + step.y;
        if (column < 0 || column >= width || row >= height) continue;
        const other = data[row * width + column];
        if (other === 0 || other === own) continue;
        note(own, other);
        note(other, own);
      }
    }
  }
  return found;
}

function isOutline({ width, height, data }: LabelImage, x: number, y: number): boolean {
  const i = y * width + x;
  const own = data[i];
  return (
    (x > 0 && data[i - 1] !== own) ||
    (x < width - 1 && data[i + 1] !== own) ||
    (y > 0 && data[i - width] !== own) ||
    (y < height - 1 && data[i + width] !== own)
  );
}
