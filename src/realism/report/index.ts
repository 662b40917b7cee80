/** The page that sets synthetic beside real. */
import { areaY, lineY, ruleY } from '@observablehq/plot';
import { CHANNELS, type Channel } from '../../imaging/index.js';
import { chart, PALETTE } from '../../report/chart/index.js';
import { page, section, table } from '../../report/index.js';
import { type Comparison, measureDistance, quantile } from '../distances.js';
import { GRAIN_PX, granularity } from '../granularity.js';
import { brightnessHistogram, measureIntensity, PERCENTILES } from '../intensity.js';
import type { JudgedPlane, Verdict } from '../judge.js';

import type { CellShape, FieldShapes } from '../shapes.js';
import { RING_EDGES, radialSpectrum } from '../spectrum.js';

/** A picture made elsewhere, as HTML. */
export interface RealismPictures {
  /** Real and synthetic, mixed; each says which it is in its caption. */
  readonly mixed: readonly string[];
  /** One entry a location: its name, real pictures, synthetic ones. */
  readonly byLocation: readonly { readonly name: string; readonly pictures: readonly string[] }[];
  /** The judge's surest patches. */
  readonly patches: readonly { readonly title: string; readonly pictures: readonly string[] }[];
}

export interface RealismData {
  /** All of one pixel size. */
  readonly planes: readonly JudgedPlane[];
  readonly pixelSizeUm: number;
  /** Figures that are measured on whole fields: correlations, areas. */
  readonly fieldFigures: readonly Comparison[];
  readonly shapes: { readonly real: readonly FieldShapes[]; readonly synthetic: readonly FieldShapes[] };
  readonly verdict: Verdict | null;
  readonly pictures: RealismPictures;
  /** What was compared and what was not there, a sentence each. */
  readonly notes: readonly string[];
}

const HISTOGRAM_BINS = 32;
const SIDES = [
  { name: 'real', synthetic: false, colour: PALETTE[0] },
  { name: 'synthetic', synthetic: true, colour: PALETTE[1] },
] as const;

/** A plane with what takes long to measure, so that table and charts measure it once. */
interface MeasuredPlane extends JudgedPlane {
  readonly spectrum: readonly number[] | null;
  readonly grains: readonly number[] | null;
}

function measurePlanes(planes: readonly JudgedPlane[]): MeasuredPlane[] {
  return planes.map((judged) => ({
    ...judged,
    spectrum: radialSpectrum(judged.plane),
    grains: granularity(judged.plane),
  }));
}

/** Every figure of the planes and shapes, real beside synthetic; one without a real or a synthetic value is left out. */
function compareAll(
  planes: readonly MeasuredPlane[],
  { fieldFigures, shapes }: Pick<RealismData, 'fieldFigures' | 'shapes'>,
): Comparison[] {
  const ofPlanes = CHANNELS.flatMap((channel) => comparePlanes(planes, channel));
  const all = [...ofPlanes, ...fieldFigures, ...compareShapes(shapes)];
  return all.filter(({ real, synthetic }) => real.length > 0 && synthetic.length > 0);
}

/** Figures of one channel, each plane giving one value. */
function comparePlanes(planes: readonly MeasuredPlane[], channel: Channel): Comparison[] {
  const figures = new Map<string, { real: number[]; synthetic: number[] }>();
  for (const { channel: own, plane, synthetic, spectrum, grains } of planes) {
    if (own !== channel) continue;
    const note = (name: string, value: number) => {
      const entry = figures.get(name) ?? { real: [], synthetic: [] };
      entry[synthetic ? 'synthetic' : 'real'].push(value);
      figures.set(name, entry);
    };
    const { percentiles, dark, saturated } = measureIntensity(plane);
    percentiles.forEach((value, i) => {
      note(`percentile ${PERCENTILES[i]}`, value);
    });
    note('share of black pixels', dark);
    note('share of saturated pixels', saturated);
    spectrum?.forEach((value, i) => {
      note(`power at ${RING_EDGES[i]} to ${RING_EDGES[i + 1]} cycles/px (log10)`, value);
    });
    grains?.forEach((value, i) => {
      note(`grains of ${2 * GRAIN_PX[i] + 1} px`, value);
    });
  }
  return [...figures].map(([name, sides]) => ({ name: `${channel}: ${name}`, ...sides }));
}

/** Figures of cells and of fields of label images. */
function compareShapes({ real, synthetic }: RealismData['shapes']): Comparison[] {
  const ofCells = (name: string, value: (cell: CellShape) => number): Comparison => ({
    name: `cells: ${name}`,
    real: real.flatMap(({ cells }) => cells.map(value)),
    synthetic: synthetic.flatMap(({ cells }) => cells.map(value)),
  });
  const ofFields = (name: string, value: (field: FieldShapes) => number): Comparison => ({
    name: `fields: ${name}`,
    real: real.map(value),
    synthetic: synthetic.map(value),
  });
  return [
    ofCells('area in um2', ({ areaUm2 }) => areaUm2),
    ofCells('elongation', ({ elongation }) => elongation),
    ofCells('solidity', ({ solidity }) => solidity),
    ofCells('neighbours', ({ neighbours }) => neighbours),
    ofCells('touches the border', ({ touchesBorder }) => (touchesBorder ? 1 : 0)),
    ofFields('share that cells cover', ({ coverage }) => coverage),
    ofFields('cells', ({ cells }) => cells.length),
  ];
}

/** The page that sets synthetic beside real. */
export function realismReport(data: RealismData): string {
  const planes = measurePlanes(data.planes);
  const comparisons = compareAll(planes, data);
  const { verdict, pictures } = data;
  return page({
    title: 'Synthetic fields of view beside real ones',
    parts: [
      section('What is compared', [list(data.notes)]),
      ...(verdict === null ? [] : [judgeSection(verdict, pictures)]),
      section('Distances', [distanceTable(comparisons)], {
        text:
          'Each figure over all real and all synthetic planes, cells or fields. Moved: earth mover’s distance over the ' +
          'standard deviation of the real values (0 = alike). Gap: Kolmogorov-Smirnov, the greatest difference of the two ' +
          'cumulative distributions (0 to 1).',
      }),
      section(
        'Brightness',
        CHANNELS.map((channel) => brightnessChart(planes, channel)),
        {
          row: true,
          text: 'Mean share of pixels (log10) in each step of brightness.',
        },
      ),
      section(
        'Power spectra',
        CHANNELS.map((channel) => spectrumChart(planes, channel)),
        {
          row: true,
          text: 'Median over the planes and the middle half as a band; relative to the mean power.',
        },
      ),
      section(
        'Granularity',
        CHANNELS.map((channel) => grainChart(planes, channel)),
        {
          row: true,
          text: 'Share of the light in structures of each width; median and middle half.',
        },
      ),
      section('Shapes', shapeCharts(data.shapes), { row: true }),
      section('Real and synthetic, mixed', pictures.mixed, { row: true }),
      ...pictures.byLocation.map(({ name, pictures: own }) => section(name, own, { row: true })),
    ],
  });
}

function list(lines: readonly string[]): string {
  return table(
    ['', ''],
    lines.map((line, i) => [i + 1, line]),
  );
}

function judgeSection(verdict: Verdict, { patches }: RealismPictures): string {
  const rows = [
    ...verdict.byChannel.map(({ channel, accuracy, patches: count }) => [channel, accuracy, count]),
    ['all', verdict.accuracy, verdict.patches.length],
  ];
  return section(
    'The judge',
    [
      table(['channel', 'right', 'patches'], rows, { marked: rows.length - 1 }),
      ...patches.map(({ title, pictures }) => section(title, pictures, { row: true })),
    ],
    {
      text:
        `A small network learned from ${verdict.learned} patches of 64 x 64 px of one channel to tell real from synthetic, ` +
        'and was tested on patches of other fields, half of them real. 0.5 is chance, 1 means that it is never deceived.',
    },
  );
}

function distanceTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((comparison) => {
    const { realMedian, syntheticMedian, moved, gap } = measureDistance(comparison);
    return [
      comparison.name,
      realMedian,
      syntheticMedian,
      { text: moved.toFixed(2), share: moved / 2 },
      { text: gap.toFixed(2), share: gap },
    ];
  });
  return table(['figure', 'real, median', 'synthetic, median', 'moved', 'gap'], rows);
}

function brightnessChart(planes: readonly JudgedPlane[], channel: Channel): string {
  const points = SIDES.flatMap(({ name, synthetic }) => {
    const own = planesOf(planes, channel, synthetic).map(({ plane }) =>
      brightnessHistogram(plane, HISTOGRAM_BINS),
    );
    if (own.length === 0) return [];
    return Array.from({ length: HISTOGRAM_BINS }, (_, bin) => {
      const mean = own.reduce((sum, counts) => sum + counts[bin], 0) / own.length;
      return {
        side: name,
        brightness: (bin + 0.5) / HISTOGRAM_BINS,
        share: Math.log10(Math.max(mean, 1e-6)),
      };
    });
  });
  return chart({
    title: channel,
    width: 340,
    height: 220,
    color: { domain: SIDES.map(({ name }) => name), range: SIDES.map(({ colour }) => colour), legend: true },
    marks: [lineY(points, { x: 'brightness', y: 'share', stroke: 'side' })],
  });
}

function spectrumChart(planes: readonly MeasuredPlane[], channel: Channel): string {
  const at = RING_EDGES.slice(1).map((edge, i) => (edge + RING_EDGES[i]) / 2);
  return bandChart(planes, channel, 'cycles a px', at, ({ spectrum }) => spectrum);
}

function grainChart(planes: readonly MeasuredPlane[], channel: Channel): string {
  return bandChart(
    planes,
    channel,
    'width in px',
    GRAIN_PX.map((radius) => 2 * radius + 1),
    ({ grains }) => grains,
  );
}

function bandChart(
  planes: readonly MeasuredPlane[],
  channel: Channel,
  label: string,
  at: readonly number[],
  figure: (plane: MeasuredPlane) => readonly number[] | null,
): string {
  const points = SIDES.flatMap(({ name, synthetic }) => {
    const own = planesOf(planes, channel, synthetic)
      .map(figure)
      .filter((values) => values !== null);
    if (own.length === 0) return [];
    return at.map((x, i) => {
      const sorted = own.map((values) => values[i]).sort((a, b) => a - b);
      const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
      return { side: name, x, low, middle, high };
    });
  });
  return chart({
    title: channel,
    width: 340,
    height: 220,
    x: { label },
    y: { label: null },
    color: { domain: SIDES.map(({ name }) => name), range: SIDES.map(({ colour }) => colour), legend: true },
    marks: [
      areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: 'side', fillOpacity: 0.2 }),
      lineY(points, { x: 'x', y: 'middle', stroke: 'side' }),
    ],
  });
}

function planesOf<P extends JudgedPlane>(planes: readonly P[], channel: Channel, synthetic: boolean): P[] {
  return planes.filter((plane) => plane.channel === channel && plane.synthetic === synthetic);
}

/** Cumulative distributions: they can be compared by eye whatever the numbers of cells. */
function shapeCharts(shapes: RealismData['shapes']): string[] {
  return compareShapes(shapes)
    .filter(
      ({ real, synthetic, name }) => real.length > 0 && synthetic.length > 0 && !name.includes('border'),
    )
    .map(({ name, real, synthetic }) => {
      const points = [real, synthetic].flatMap((values, side) => {
        const sorted = [...values].sort((a, b) => a - b);
        return Array.from({ length: 101 }, (_, percent) => ({
          side: SIDES[side].name,
          value: quantile(sorted, percent / 100),
          percent,
        })).filter(({ percent }) => percent <= 98);
      });
      return chart({
        title: name,
        width: 340,
        height: 220,
        y: { label: 'percent of cells or fields below' },
        color: { domain: SIDES.map((s) => s.name), range: SIDES.map(({ colour }) => colour), legend: true },
        marks: [ruleY([0]), lineY(points, { x: 'value', y: 'percent', stroke: 'side' })],
      });
    });
}
