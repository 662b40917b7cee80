import { page, table } from '../../report/index.js';
import { describeLabels } from '../label-statistics.js';
import { splitFolds } from '../split.js';
import { balanceSection, foldsSection } from './balance-sections.js';
import { cellSections } from './cell-sections.js';
import type { Exploration } from './exploration.js';
import { labelSections, type NumberFormat } from './label-sections.js';
import { type Language, type Words, wordsIn } from './words.js';

const FOLDS = 5;

export interface ExplorePageOptions {
  readonly language: Language;
  /** Of the balance and the folds. */
  readonly seed: number;
}

/** One HTML page about a data set, which needs nothing else: labels, their balance, cells, crops. */
export function explorePage(exploration: Exploration, { language, seed }: ExplorePageOptions): string {
  const words = wordsIn(language);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const format: NumberFormat = (value) => numbers.format(value);
  const { labels, fields } = exploration;
  return page({
    title: words.title,
    language,
    parts: [
      table([words.fact, words.value], facts(exploration, words, format)),
      ...(labels === null || labels.locations.size === 0
        ? []
        : [
            ...labelSections(describeLabels(labels), words, format),
            ...balanceParts(exploration, seed, words, format),
          ]),
      ...(fields === null ? [] : cellSections(fields, words, format)),
    ],
  });
}

/** At most so many ids of a kind that was left out are named. */
const LISTED = 5;

/** What there is, and whatever was left out: how much and the first of it. */
function facts(
  { source, labels, fields }: Exploration,
  words: Words,
  format: NumberFormat,
): [string, string][] {
  const omitted = (name: string, ids: readonly string[]): [string, string][] => {
    if (ids.length === 0) return [];
    const more = ids.length > LISTED ? ` ${words.more(format(ids.length - LISTED))}` : '';
    return [[name, `${format(ids.length)}: ${ids.slice(0, LISTED).join(', ')}${more}`]];
  };
  const rows: [string, string][] = [[words.source, source]];
  if (labels !== null) {
    rows.push(
      [words.labelled, format(labels.locations.size)],
      ...omitted(words.unlabelled, labels.unlabelled),
      ...omitted(words.repeated, [...labels.repeated.keys()]),
    );
  }
  if (fields !== null) {
    rows.push(
      [words.fields, format(fields.cellsPerField.length)],
      [words.cells, format(fields.cells.length)],
      ...omitted(words.imagesWithoutLabel, fields.imagesWithoutLabel),
      ...omitted(words.labelsWithoutImage, fields.labelsWithoutImage),
      ...omitted(words.fieldsWithoutCells, fields.fieldsWithoutCells),
      ...omitted(words.problems, fields.problems),
    );
  }
  return rows;
}

/** The balance of the cells where there are any, else of the images; and folds of the images. */
function balanceParts(
  { labels, fields }: Exploration,
  seed: number,
  words: Words,
  format: NumberFormat,
): string[] {
  const images = labels?.locations ?? new Map<string, readonly number[]>();
  const cells = (fields?.cells ?? []).flatMap(({ locations }) => (locations === null ? [] : [locations]));
  const [samples, what] = cells.length > 0 ? [cells, words.cells] : [[...images.values()], words.images];
  return [
    balanceSection(samples, seed, what, words, format),
    ...(images.size < FOLDS ? [] : [foldsSection(splitFolds(images, FOLDS, seed), images, words, format)]),
  ];
}
