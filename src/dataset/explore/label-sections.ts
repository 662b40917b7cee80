import { barX, barY, cell, text } from '@observablehq/plot';
import { chart } from '../../report/chart/index.js';
import { section, table } from '../../report/index.js';
import type { LabelStatistics } from '../label-statistics.js';
import type { Words } from './words.js';

/** Combinations listed. */
const MOST_COMBINATIONS = 20;
/** Room for the longest name of a location beside a chart. */
export const NAME_WIDTH = 280;

export type NumberFormat = (value: number) => string;

/** Counts of labels, labels per image, and which locations go together. */
export function labelSections(statistics: LabelStatistics, words: Words, format: NumberFormat): string[] {
  return [
    section(
      words.labelCounts,
      [countsChart(statistics, words, format), countsTable(statistics, words, format)],
      {
        text: words.labelCountsText,
      },
    ),
    section(
      words.labelsPerImage,
      [perImageChart(statistics, words, format), perImageTable(statistics, words, format)],
      {
        row: true,
      },
    ),
    section(words.togetherTitle, [togetherChart(statistics, words)], { text: words.togetherText }),
    section(words.combinations, [combinationsTable(statistics, words, format)]),
  ];
}

function countsChart({ labels, alone }: LabelStatistics, words: Words, format: NumberFormat): string {
  const bars = words.locations.flatMap((location, id) => [
    { location, labels: alone[id], kind: words.alone },
    { location, labels: labels[id] - alone[id], kind: words.withOthers },
  ]);
  return chart({
    title: words.labelCounts,
    width: 900,
    height: 480,
    marginLeft: NAME_WIDTH,
    x: { label: words.labels, grid: true, tickFormat: format },
    y: { label: null, domain: [...words.locations] },
    color: { domain: [words.alone, words.withOthers], legend: true },
    marks: [barX(bars, { x: 'labels', y: 'location', fill: 'kind' })],
  });
}

function countsTable(statistics: LabelStatistics, words: Words, format: NumberFormat): string {
  const { labels, alone, imagesWith, images } = statistics;
  return table(
    ['id', words.location, words.labels, words.alone, words.imagesWith, words.share],
    words.locations.map((location, id) => [
      id,
      location,
      labels[id],
      alone[id],
      imagesWith[id],
      { text: `${format((100 * imagesWith[id]) / images)} %`, share: imagesWith[id] / images },
    ]),
    { format },
  );
}

function perImage({ imagesByLabels }: LabelStatistics) {
  return Array.from(imagesByLabels, (images, labels) => ({ labels, images })).filter(
    ({ images }) => images > 0,
  );
}

function perImageChart(statistics: LabelStatistics, words: Words, format: NumberFormat): string {
  const bars = perImage(statistics);
  return chart({
    title: words.labelsPerImage,
    width: 420,
    height: 260,
    marginLeft: 60,
    x: { label: words.labels },
    y: { label: words.images, grid: true, tickFormat: format },
    marks: [
      barY(bars, { x: 'labels', y: 'images', fill: '#0072b2' }),
      text(bars, { x: 'labels', y: 'images', text: ({ images }) => format(images), dy: -7 }),
    ],
  });
}

function perImageTable(statistics: LabelStatistics, words: Words, format: NumberFormat): string {
  return table(
    [words.labels, words.images],
    perImage(statistics).map(({ labels, images }) => [labels, images]),
    { format },
  );
}

function togetherChart({ together }: LabelStatistics, words: Words): string {
  const count = words.locations.length;
  const pairs = words.locations.flatMap((row, a) =>
    words.locations.map((column, b) => ({ row, column, images: together[a * count + b] })),
  );
  const present = pairs.filter(({ images }) => images > 0);
  const most = Math.max(1, ...present.map(({ images }) => images));
  return chart({
    title: words.togetherTitle,
    width: 1080,
    height: 760,
    marginLeft: NAME_WIDTH,
    marginBottom: 220,
    x: { label: null, domain: [...words.locations], tickRotate: -60 },
    y: { label: null, domain: [...words.locations] },
    color: { type: 'log', scheme: 'blues', domain: [0.5, most] },
    marks: [
      cell(present, { x: 'column', y: 'row', fill: 'images', inset: 0.5 }),
      text(present, {
        x: 'column',
        y: 'row',
        text: ({ images }) => String(images),
        fontSize: 10,
        fill: ({ images }) => (images > most ** 0.6 ? 'white' : 'black'),
      }),
    ],
  });
}

function combinationsTable(
  { combinations, images }: LabelStatistics,
  words: Words,
  format: NumberFormat,
): string {
  return table(
    [words.combination, words.images, words.share],
    combinations
      .slice(0, MOST_COMBINATIONS)
      .map(({ locations, images: own }) => [
        locations.map((id) => words.locations[id]).join(' + '),
        own,
        { text: `${format((100 * own) / images)} %`, share: own / images },
      ]),
    { format },
  );
}
