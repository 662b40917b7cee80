import { cell, dot, line, ruleX, text } from '@observablehq/plot';
import { LOCATIONS } from '../common/index.js';
import { chart, PALETTE } from '../report/chart/index.js';
import type { Calibration, LocationConfusion, LocationScore, OperatingPoint } from '../scoring/index.js';

/** Points of a curve that are drawn: more cannot be told apart. */
const CURVE_POINTS = 200;

/** A small precision-recall chart; the dot is the point of the greatest F1. */
export function precisionRecallChart(
  { classId, ap, best }: LocationScore,
  curve: readonly OperatingPoint[],
): string {
  return chart({
    title: `${LOCATIONS[classId]}: AP ${ap.toFixed(3)}`,
    width: 220,
    height: 190,
    x: { label: 'recall', domain: [0, 1], ticks: [0, 0.5, 1] },
    y: { label: 'precision', domain: [0, 1], ticks: [0, 0.5, 1], grid: true },
    marks: [
      line(thinned(curve), { x: 'recall', y: 'precision', stroke: PALETTE[0], strokeWidth: 1.5 }),
      ...(best === null ? [] : [dot([best], { x: 'recall', y: 'precision', fill: PALETTE[1], r: 4 })]),
    ],
  });
}

/** Evenly spaced points of a curve, the first and last among them. */
function thinned(curve: readonly OperatingPoint[]): OperatingPoint[] {
  if (curve.length <= CURVE_POINTS) return [...curve];
  return Array.from(
    { length: CURVE_POINTS },
    (_, i) => curve[Math.round((i * (curve.length - 1)) / (CURVE_POINTS - 1))],
  );
}

/** Share of positives over mean score, by bin; a dot's area goes with the scores in its bin. */
export function reliabilityChart({ bins }: Calibration): string {
  const filled = bins.filter(({ count }) => count > 0);
  return chart({
    title: 'Reliability diagram',
    width: 360,
    height: 340,
    x: { label: 'mean score', domain: [0, 1] },
    y: { label: 'share that is true', domain: [0, 1], grid: true },
    r: { range: [2, 12] },
    marks: [
      line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: '#999', strokeDasharray: '4' },
      ),
      line(filled, { x: 'meanScore', y: 'frequency', stroke: PALETTE[0] }),
      dot(filled, { x: 'meanScore', y: 'frequency', r: 'count', fill: PALETTE[0] }),
    ],
  });
}

const NOTHING_CALLED = 'nothing called';

/** Rows: true locations; columns: what is called. Locations without a found cell are left out of the rows. */
export function confusionChart({ cells, shares, missed }: LocationConfusion): string {
  const shown = LOCATIONS.map((_, id) => id).filter((id) => cells[id] > 0);
  const columns = LOCATIONS.map((_, id) => id).filter(
    (id) => shown.some((t) => shares[t][id] > 0) || cells[id] > 0,
  );
  const tiles = shown.flatMap((t) => [
    ...columns.map((p) => ({ truth: LOCATIONS[t], called: LOCATIONS[p] as string, share: shares[t][p] })),
    { truth: LOCATIONS[t], called: NOTHING_CALLED, share: missed[t] },
  ]);
  return chart({
    title: 'Share of the cells of a true location (rows) in which a location (columns) is called',
    width: 260 + 44 * (columns.length + 1),
    height: 240 + 26 * shown.length,
    marginLeft: 240,
    marginTop: 10,
    marginBottom: 220,
    x: { label: null, domain: [...columns.map((id) => LOCATIONS[id]), NOTHING_CALLED], tickRotate: -55 },
    y: { label: null, domain: shown.map((id) => LOCATIONS[id]) },
    color: { scheme: 'blues', domain: [0, 1] },
    marks: [
      cell(tiles, { x: 'called', y: 'truth', fill: 'share', inset: 0.5 }),
      text(
        tiles.filter(({ share }) => share >= 0.005),
        {
          x: 'called',
          y: 'truth',
          text: ({ share }: { share: number }) => `${Math.round(100 * share)}`,
          fill: ({ share }: { share: number }) => (share > 0.5 ? 'white' : 'black'),
        },
      ),
    ],
  });
}

/** Scores of two models side by side, a line between them; the right end is better. */
export function comparisonChart(
  rows: readonly { readonly name: string; readonly first: number; readonly second: number }[],
): string {
  const dots = rows.flatMap(({ name, first, second }) => [
    { name, ap: first, model: 'first' },
    { name, ap: second, model: 'second' },
  ]);
  return chart({
    title: 'AP of both models',
    width: 700,
    height: 60 + 22 * rows.length,
    marginLeft: 240,
    x: { label: 'AP', domain: [0, 1], grid: true },
    y: { label: null, domain: rows.map(({ name }) => name) },
    color: { domain: ['first', 'second'], legend: true },
    marks: [
      ruleX([0]),
      line(dots, { x: 'ap', y: 'name', z: 'name', stroke: '#bbb' }),
      dot(dots, { x: 'ap', y: 'name', fill: 'model', r: 4 }),
    ],
  });
}
