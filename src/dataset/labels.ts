import { InputError, LOCATIONS } from '../common/index.js';
import { readTable, type Table, type TableRow } from '../io/index.js';
import { CLASS_NAMES_2018, FOLD_2018 } from './classes2018.js';

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
  const { written, form } = await readWritten(path);
  const locations = new Map<string, readonly number[]>();
  const unlabelled: string[] = [];
  const repeated = new Map<string, readonly number[]>();
  for (const [id, classes] of written) {
    const named = classes.flatMap((one) => form.fold[one] ?? []).sort((a, b) => a - b);
    const found = [...new Set(named)];
    if (found.length < named.length) repeated.set(id, named);
    if (found.length > 0) locations.set(id, found);
    else unlabelled.push(id);
  }
  return { locations, unlabelled, repeated };
}

/** A label table as it stands, its classes not folded. */
export interface LabelSets {
  /** Names of the file's classes, by class id: the 19 of 2021 or the 28 of 2018. */
  readonly classes: readonly string[];
  /** Class ids of each image, ascending, none twice; none at all where the label is empty. */
  readonly sets: ReadonlyMap<string, readonly number[]>;
  /** Class id among the 19 by class id of the file; null has no place. */
  readonly fold: readonly (number | null)[];
}

/** Class ids of a label table as ids among the 19, ascending, none twice. */
export function foldClasses(classes: readonly number[], fold: LabelSets['fold']): number[] {
  const folded = classes.flatMap((id) => fold[id] ?? []);
  return [...new Set(folded)].sort((a, b) => a - b);
}

/**
 * Reads a label table of either competition (see `readLabels`) or a submission file of the 2018 one (`Id,Predicted`).
 * @throws InputError as `readLabels`
 */
export async function readLabelSets(path: string): Promise<LabelSets> {
  const { written, form } = await readWritten(path);
  const sets = new Map([...written].map(([id, classes]) => [id, [...new Set(classes)]]));
  return { classes: form.names, sets, fold: form.fold };
}

/** Class ids of each image as the file writes them: ascending, as often as the label names them. */
async function readWritten(
  path: string,
): Promise<{ written: ReadonlyMap<string, readonly number[]>; form: Form }> {
  const table = await readTable(path);
  const { idColumn, labelColumn, form } = findColumns(table);
  const written = new Map<string, readonly number[]>();
  const duplicates = new Set<string>();
  for (const row of table.rows) {
    const id = row.get(idColumn).trim();
    if (id === '') throw row.error('label-id-empty', 'the id is empty');
    if (written.has(id)) duplicates.add(id);
    written.set(id, parseClasses(row, id, row.get(labelColumn).trim(), form));
  }
  if (duplicates.size > 0) {
    throw new InputError(
      'label-duplicate',
      `${path}: ${duplicates.size} id(s) stand in more than one row: ${listed([...duplicates])}; expected one row an image`,
    );
  }
  return { written, form };
}

interface Form {
  readonly separator: RegExp;
  readonly expected: string;
  readonly names: readonly string[];
  /** Class id among the 19 by class id in the file; null has no place. */
  readonly fold: readonly (number | null)[];
}

const FORM_2021: Form = {
  separator: /\|/,
  expected: `class ids 0 to ${LOCATIONS.length - 1} joined by |`,
  names: LOCATIONS,
  fold: LOCATIONS.map((_, index) => index),
};
const FORM_2018: Form = {
  separator: /\s+/,
  expected: `class ids 0 to ${FOLD_2018.length - 1} joined by spaces`,
  names: CLASS_NAMES_2018,
  fold: FOLD_2018,
};

function findColumns({ file, columns }: Table) {
  const named = (name: string) => columns.find((column) => column.toLowerCase() === name);
  const idColumn = named('id');
  const label2021 = named('label');
  // `Predicted` is what the submission file of 2018 calls it.
  const labelColumn = label2021 ?? named('target') ?? named('predicted');
  if (idColumn === undefined || labelColumn === undefined) {
    throw new InputError(
      'label-columns',
      `${file}: the header is "${columns.join(',')}"; expected the columns ID and Label (2021) or Id and Target or Predicted (2018)`,
    );
  }
  return { idColumn, labelColumn, form: label2021 === undefined ? FORM_2018 : FORM_2021 };
}

/** Ascending class ids, as often as the label names them. */
function parseClasses(row: TableRow, id: string, text: string, form: Form): number[] {
  if (text === '') return [];
  const ids: number[] = [];
  for (const part of text.split(form.separator)) {
    if (!/^\d+$/.test(part.trim()) || !(Number(part) < form.names.length)) {
      throw row.error('label-unknown', `label "${text}" of ${id} is unknown; expected ${form.expected}`);
    }
    ids.push(Number(part));
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
