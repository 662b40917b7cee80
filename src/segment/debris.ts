import { type FloatPlane, type LabelImage, measureRegions } from '../imaging/index.js';

/** From what area on an object is a nucleus. */
export interface NucleusSizes {
  readonly minAreaPx: number;
  /** The same where the image's border cuts it off. */
  readonly minCutAreaPx: number;
}

/**
 * Condensed chromosomes on their way to division, seen from the side: small, but a rod and bright, where the small remains of dead
 * cells are round and haze is dim. Of some 20 such objects in 80 real nuclear channels (`shared/data/hpa/channels`) nearly
 * all were plates or small nuclei, looked at by eye.
 */
const PLATE = {
  /** Least area, as a part of the least area of a nucleus. */
  leastArea: 0.5,
  /** Length over width, of the ellipse with the same second moments. */
  leastElongation: 1.9,
  /** Mean stain, as a part of that of the field's median nucleus. */
  leastBrightness: 0.85,
};
/** Plates that part in one cell face each other: how near, in their lengths, and how far out of line, as a sine. */
const FACING_LENGTHS = 1.6;
const FACING_SINE = 0.6;

/** A label's ellipse of the same second moments, and its mean stain. */
interface Shape {
  readonly x: number;
  readonly y: number;
  readonly lengthPx: number;
  readonly widthPx: number;
  /** Unit vector along the length. */
  readonly alongX: number;
  readonly alongY: number;
  readonly stain: number;
}

/**
 * Clears, in place, what is too small for a nucleus, but keeps the plates of dividing cells; two that face each other get one
 * number.
 * @param stain the nuclear stain, or its root; null where there is none to judge by, and no plate is kept
 */
export function dropDebris(labels: LabelImage, sizes: NucleusSizes, stain: FloatPlane | null): void {
  const regions = measureRegions(labels);
  const numbers: number[] = [0];
  const small: number[] = [];
  for (const { label, areaPx, touchesEdge } of regions) {
    const least = touchesEdge ? Math.min(sizes.minAreaPx, sizes.minCutAreaPx) : sizes.minAreaPx;
    numbers[label] = areaPx >= least ? label : 0;
    if (areaPx < least && areaPx >= PLATE.leastArea * sizes.minAreaPx) small.push(label);
  }
  if (stain && small.length > 0) {
    const shapes = measureShapes(labels, stain);
    const nuclei = regions
      .filter(({ label }) => numbers[label] !== 0)
      .map(({ label }) => shapes[label].stain);
    const usual = nuclei.sort((a, b) => a - b)[nuclei.length >> 1] ?? Number.POSITIVE_INFINITY;
    const plates = small.filter((label) => {
      const { lengthPx, widthPx, stain: own } = shapes[label];
      return lengthPx >= PLATE.leastElongation * widthPx && own >= PLATE.leastBrightness * usual;
    });
    plates.forEach((label, k) => {
      const partner = plates.slice(0, k).find((other) => areFacing(shapes[label], shapes[other]));
      numbers[label] = partner === undefined ? label : numbers[partner];
    });
  }
  const { data } = labels;
  for (let i = 0; i < data.length; i++) data[i] = numbers[data[i]];
}

/** Whether two plates lie side by side, one a shifted copy of the other. */
function areFacing(a: Shape, b: Shape): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const apartPx = Math.hypot(dx, dy);
  const sine = Math.abs(a.alongX * b.alongY - a.alongY * b.alongX);
  const shift = Math.max(Math.abs(a.alongX * dx + a.alongY * dy), Math.abs(b.alongX * dx + b.alongY * dy));
  return (
    apartPx < FACING_LENGTHS * Math.min(a.lengthPx, b.lengthPx) &&
    sine < FACING_SINE &&
    shift < FACING_SINE * apartPx
  );
}

function measureShapes({ width, height, data }: LabelImage, stain: FloatPlane): Shape[] {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > count) count = data[i];
  const sums = Array.from({ length: 7 }, () => new Float64Array(count + 1));
  const [n, sx, sy, sxx, syy, sxy, light] = sums;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = data[i];
      if (label === 0) continue;
      n[label]++;
      sx[label] += x;
      sy[label] += y;
      sxx[label] += x * x;
      syy[label] += y * y;
      sxy[label] += x * y;
      light[label] += stain.data[i];
    }
  }
  return Array.from(n, (areaPx, label) => {
    const x = sx[label] / areaPx;
    const y = sy[label] / areaPx;
    const xx = sxx[label] / areaPx - x * x;
    const yy = syy[label] / areaPx - y * y;
    const xy = sxy[label] / areaPx - x * y;
    const half = (xx + yy) / 2;
    const spread = Math.hypot((xx - yy) / 2, xy);
    const angle = Math.atan2(2 * xy, xx - yy) / 2;
    return {
      x,
      y,
      lengthPx: 4 * Math.sqrt(half + spread),
      widthPx: 4 * Math.sqrt(Math.max(0, half - spread)),
      alongX: Math.cos(angle),
      alongY: Math.sin(angle),
      stain: light[label] / areaPx,
    };
  });
}
