import { InputError, LOCATIONS } from '../common/index.js';
import { readTable, type Table, type TableRow } from '../io/index.js';
import { FOLD_2018 } from './classes2018.js';

/** Weak labels: what an image shows, given to all its cells. */
export interface LabelTable {
  /** Class ids of each image, ascending, none twice, at least one. */
  readonly locations: ReadonlyMap<string, readonly number[]>;
  /** Images with an empty label, or with labels of 2018 that have no place among the 19: not used. */
  readonly unlabelled: readonly string[];
  /** Of images whose label names a class more than once: the class ids as often as they are named. */
  readonly repeated: ReadonlyMap<string, readonly number[]>;
}

/** At most so many ids stand in a message. */
const LISTED = 5;

/**
 * Reads a label table in one of the competitions' two forms: `ID,Label` (2021: 19 class ids joined by `|`) or `Id,Target`
 * (2018: 28 class ids joined by spaces, folded into the 19). Other columns are ignored; a class that a label names twice
 * counts once.
 *
 * @throws InputError `file-*` and `table-*` (see `readTable`), `label-columns`, `label-id-empty`, `label-unknown`,
 *   `label-duplicate`
 */
export async function readLabels(path: string): Promise<LabelTable> {
  const table = await readTable(path);
  const { idColumn, labelColumn, form } = findColumns(table);
  const locations = new Map<string, readonly number[]>();
  const unlabelled: string[] = [];
  const repeated = new Map<string, readonly number[]>();
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const row of table.rows) {
    const id = row.get(idColumn).trim();
    if (id === '') throw row.error('label-id-empty', 'the id is empty');
    if (seen.has(id)) duplicates.add(id);
    seen.add(id);
    const named = parseClasses(row, id, row.get(labelColumn).trim(), form);
    const found = [...new Set(named)];
    if (found.length < named.length) repeated.set(id, named);
    if (found.length > 0) locations.set(id, found);
    else unlabelled.push(id);
  }
  if (duplicates.size > 0) {
    throw new InputError(
      'label-duplicate',
      `${path}: ${duplicates.size} id(s) stand in more than one row: ${listed([...duplicates])}; expected one row an image`,
    );
  }
  return { locations, unlabelled, repeated };
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

function findColumns({ file, columns }: Table) {
  const named = (name: string) => columns.find((column) => column.toLowerCase() === name);
  const idColumn = named('id');
  const label2021 = named('label');
  const labelColumn = label2021 ?? named('target');
  if (idColumn === undefined || labelColumn === undefined) {
    throw new InputError(
      'label-columns',
      `${file}: the header is "${columns.join(',')}"; expected the columns ID and Label (2021) or Id and Target (2018)`,
    );
  }
  return { idColumn, labelColumn, form: label2021 === undefined ? FORM_2018 : FORM_2021 };
}

/** Ascending class ids, as often as the label names them. */
function parseClasses(row: TableRow, id: string, text: string, form: Form): number[] {
  if (text === '') return [];
  const ids: number[] = [];
  for (const part of text.split(form.separator)) {
    const folded = /^\d+$/.test(part.trim()) ? form.fold[Number(part)] : undefined;
    if (folded === undefined) {
      throw row.error('label-unknown', `label "${text}" of ${id} is unknown; expected ${form.expected}`);
    }
    if (folded !== null) ids.push(folded);
  }
  return ids.sort((a, b) => a - b);
}

/** How a label table and the images at hand fit together: nothing is dropped without being listed. */
export interface JoinedLabels {
  /** Images with a label, in the order of `imageIds`. */
  readonly labelled: readonly string[];
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
}

export function joinLabels(
  table: { readonly locations: ReadonlyMap<string, unknown> },
  imageIds: readonly string[],
): JoinedLabels {
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
