import { binX, lineY, rectY, ruleX } from '@observablehq/plot';
import { LOCATIONS } from '../../common/index.js';
import {
  adviseSize,
  compareSizes,
  describeNumbers,
  MASKINGS,
  type SizeEffect,
  TOLERATED_LOSS,
} from '../../crops/index.js';
import { chart } from '../../report/chart/index.js';
import { picture, section, table } from '../../report/index.js';
import type { Example, ExploredFields, MaskingExample } from './exploration.js';
import type { NumberFormat } from './label-sections.js';
import type { Words } from './words.js';

/** Cells per field, their boxes, the size of crops, galleries and maskings. */
export function cellSections(fields: ExploredFields, words: Words, format: NumberFormat): string[] {
  if (fields.cells.length === 0) return [];
  return [
    boxesSection(fields, words, format),
    sizeSection(fields, words, format),
    ...gallerySections(fields.examples, words),
    ...(fields.maskings.length === 0 ? [] : [maskingSection(fields.maskings, words)]),
    ...(fields.storedMasking === null
      ? []
      : [
          section(words.maskingTitle, [], {
            text: words.maskingOfStore(words.maskings[fields.storedMasking]),
          }),
        ]),
  ];
}

function boxesSection({ cells, cellsPerField }: ExploredFields, words: Words, format: NumberFormat): string {
  const measures: [string, number[]][] = [
    [words.boxHeight, cells.map(({ heightPx }) => heightPx)],
    [words.boxWidth, cells.map(({ widthPx }) => widthPx)],
    [words.cellsPerField, [...cellsPerField]],
  ];
  const rows = measures.map(([name, numbers]) => {
    const { count, mean, std, min, q25, median, q75, max } = describeNumbers(numbers);
    return [name, count, mean, std, min, q25, median, q75, max];
  });
  const histograms = measures.map(([name, numbers]) =>
    chart({
      title: name,
      width: 360,
      height: 220,
      x: { label: null, tickFormat: format },
      y: { label: null, grid: true, tickFormat: format },
      marks: [
        rectY(
          numbers.map((value) => ({ value })),
          { ...binX({ y: 'count' }, { x: 'value' }), fill: '#0072b2' },
        ),
      ],
    }),
  );
  return section(
    words.cropStatistics,
    [table(['', ...words.statistics], rows, { format }), `<div class="row">${histograms.join('\n')}</div>`],
    { text: words.cropStatisticsText },
  );
}

function sizeSection({ cells, details }: ExploredFields, words: Words, format: NumberFormat): string {
  const effects = compareSizes(
    cells.map(({ sidePx }) => sidePx),
    details,
  );
  const advised = adviseSize(effects);
  const percent = (share: number) => ({ text: `${format(100 * share)} %`, share });
  const sizes = table(
    [words.size, words.shrunk, words.enlarged, ...(advised === null ? [] : [words.detailLost])],
    effects.map(({ sizePx, shrunk, enlarged, detailLost }) => [
      sizePx,
      percent(shrunk),
      percent(enlarged),
      ...(advised === null ? [] : [percent(detailLost)]),
    ]),
    { format, marked: effects.findIndex(({ sizePx }) => sizePx === advised) },
  );
  const enough = effects.some(({ detailLost }) => detailLost <= TOLERATED_LOSS);
  const advice =
    advised === null ? [] : [`<p>${words.advised(advised)}. ${enough ? '' : words.allLoseMore}</p>`];
  return section(words.sizeTitle, [...advice, sizeChart(effects, advised, words), sizes], {
    text:
      advised === null
        ? words.sizeTextWithoutDetail
        : words.sizeText(details.length, percent(TOLERATED_LOSS).text),
  });
}

function sizeChart(effects: readonly SizeEffect[], advised: number | null, words: Words): string {
  const points = effects
    .flatMap(({ sizePx, shrunk, enlarged, detailLost }) => [
      { sizePx, share: shrunk, kind: words.shrunk },
      { sizePx, share: enlarged, kind: words.enlarged },
      { sizePx, share: detailLost, kind: words.detailLost },
    ])
    .filter(({ share }) => !Number.isNaN(share));
  return chart({
    title: words.sizeTitle,
    width: 560,
    height: 280,
    x: { label: words.size },
    y: { label: null, grid: true, percent: true, domain: [0, 100] },
    color: { domain: [...new Set(points.map(({ kind }) => kind))], legend: true },
    marks: [
      ...(advised === null ? [] : [ruleX([advised], { stroke: '#999', strokeDasharray: '3' })]),
      lineY(points, { x: 'sizePx', y: 'share', stroke: 'kind', marker: 'dot' }),
    ],
  });
}

function gallerySections(examples: readonly Example[], words: Words): string[] {
  const named = (ids: readonly number[]) => ids.map((id) => words.locations[id]).join(' + ');
  const pictures = (chosen: readonly Example[]) =>
    chosen.map(({ field, cell, locations, pngBase64 }) =>
      picture({
        pngBase64,
        alt: `${field}, ${words.cell} ${cell}: ${named(locations)}`,
        caption: named(locations) || `${field} ${cell}`,
        width: 128,
      }),
    );
  const byLocation = LOCATIONS.flatMap((_, id) =>
    examples.filter(({ locations }) => locations.length === 1 && locations[0] === id),
  );
  const several = examples.filter(({ locations }) => locations.length > 1);
  const unlabelled = examples.filter(({ locations }) => locations.length === 0);
  const galleries: [string, readonly Example[]][] = [
    [words.singleGallery, byLocation],
    [words.multiGallery, several],
    [words.unlabelledGallery, unlabelled],
  ];
  return galleries
    .filter(([, chosen]) => chosen.length > 0)
    .map(([heading, chosen]) => section(heading, pictures(chosen), { row: true, text: words.galleryText }));
}

function maskingSection(examples: readonly MaskingExample[], words: Words): string {
  const rows = examples.map(({ field, cell, pictures }) => {
    const side = MASKINGS.flatMap((masking) => {
      const name = words.maskings[masking];
      const alt = `${field}, ${words.cell} ${cell}: ${name}`;
      return [
        picture({ pngBase64: pictures[masking].all, alt, caption: name, width: 150 }),
        picture({
          pngBase64: pictures[masking].protein,
          alt: `${alt}, ${words.proteinOnly}`,
          caption: `${name}, ${words.proteinOnly}`,
          width: 150,
        }),
      ];
    });
    return `<div class="row">${side.join('\n')}</div>`;
  });
  return section(words.maskingTitle, rows, { text: words.maskingText });
}
