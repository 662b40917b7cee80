import { InputError, LOCATIONS } from '../common/index.js';
import { FOLD_2018 } from './classes2018.js';

/** Weak labels: what an image shows, given to all its cells. */
export interface LabelTable {
  /** Class ids of each image, ascending, none twice, at least one. */
  readonly locations: ReadonlyMap<string, readonly number[]>;
  /** Images with an empty label, or with labels of 2018 that have no place among the 19: not used. */
  readonly unlabelled: readonly string[];
}

/** At most so many ids stand in a message. */
const LISTED = 5;

/**
 * Reads a label table in one of the competitions' two forms: `ID,Label` (2021: 19 class ids joined by `|`) or `Id,Target`
 * (2018: 28 class ids joined by spaces, folded into the 19). Other columns are ignored; a class
 * that a label names twice counts once.
 *
 * @param rows the table's lines as cells of text, the header first
 * @param source named in messages
 * @throws InputError `label-columns`, `label-id-empty`, `label-unknown`, `label-duplicate`
 */
export function parseLabels(rows: readonly (readonly string[])[], source: string): LabelTable {
  const { idColumn, labelColumn, form } = findColumns(rows[0] ?? [], source);
  const locations = new Map<string, readonly number[]>();
  const unlabelled: string[] = [];
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (let line = 1; line < rows.length; line++) {
    const id = (rows[line][idColumn] ?? '').trim();
    if (id === '') throw new InputError('label-id-empty', `${source}, row ${line + 1}: the id is empty`);
    if (seen.has(id)) duplicates.add(id);
    seen.add(id);
    const text = (rows[line][labelColumn] ?? '').trim();
    const found = parseClasses(text, form, `${source}, row ${line + 1} (${id})`);
    if (found.length > 0) locations.set(id, found);
    else unlabelled.push(id);
  }
  if (duplicates.size > 0) {
    throw new InputError(
      'label-duplicate',
      `${source}: ${duplicates.size} id(s) stand in more than one row: ${listed([...duplicates])}; expected one row an image`,
    );
  }
  return { locations, unlabelled };
}

interface Form {
  readonly separator: RegExp;
  readonly expected: string;
  /** Class id among the 19 by class id in the file; null has no place. */
  readonly fold: readonly (number | null)[];
}

const FORM_2021: Form = {
  separator: /\|/,
  expected: `class ids 0 to ${LOCATIONS.length - 1} joined by |`,
  fold: LOCATIONS.map((_, index) => index),
};
const FORM_2018: Form = {
  separator: /\s+/,
  expected: `class ids 0 to ${FOLD_2018.length - 1} joined by spaces`,
  fold: FOLD_2018,
};

function findColumns(header: readonly string[], source: string) {
  const names = header.map((name) => name.trim().toLowerCase());
  const idColumn = names.indexOf('id');
  const label2021 = names.indexOf('label');
  const label2018 = names.indexOf('target');
  if (idColumn < 0 || (label2021 < 0 && label2018 < 0)) {
    throw new InputError(
      'label-columns',
      `${source}: the header is "${header.join(',')}"; expected the columns ID and Label (2021) or Id and Target (2018)`,
    );
  }
  return label2021 >= 0
    ? { idColumn, labelColumn: label2021, form: FORM_2021 }
    : { idColumn, labelColumn: label2018, form: FORM_2018 };
}

function parseClasses(text: string, form: Form, where: string): number[] {
  if (text === '') return [];
  const ids = new Set<number>();
  for (const part of text.split(form.separator)) {
    const folded = /^\d+$/.test(part.trim()) ? form.fold[Number(part)] : undefined;
    if (folded === undefined) {
      throw new InputError(
        'label-unknown',
        `${where}: label "${text}" is unknown; expected ${form.expected}`,
      );
    }
    if (folded !== null) ids.add(folded);
  }
  return [...ids].sort((a, b) => a - b);
}

/** How a label table and the images at hand fit together: nothing is dropped without being listed. */
export interface JoinedLabels {
  /** Images with a label, in the order of `imageIds`. */
  readonly labelled: readonly string[];
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
}

export function joinLabels(table: LabelTable, imageIds: readonly string[]): JoinedLabels {
  const images = new Set(imageIds);
  return {
    labelled: imageIds.filter((id) => table.locations.has(id)),
    imagesWithoutLabel: imageIds.filter((id) => !table.locations.has(id)),
    labelsWithoutImage: [...table.locations.keys()].filter((id) => !images.has(id)),
  };
}

/** The first few ids and how many more there are. */
export function listed(ids: readonly string[]): string {
  const more = ids.length - LISTED;
  return ids.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
