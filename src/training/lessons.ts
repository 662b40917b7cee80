import { LOCATIONS } from '../common/index.js';
import { targetsOf } from './cells.js';

/** What the cells are taught, cell by cell: cells x 19 each. */
export interface Lessons {
  /** How much of a location the cell shall show, 0 to 1. */
  readonly targets: Float32Array;
  /** How much that counts, 0 (nobody knows) to 1; null: all count alike. */
  readonly entryWeights: Float32Array | null;
}

/** A cell as lessons are drawn up for it. */
export interface LabelledCell {
  /** Unique name of its image. */
  readonly image: string;
  /** The image's class ids. */
  readonly locations: readonly number[];
}

/** Every cell is taught its image's locations. */
export function copiedLabels(cells: readonly Pick<LabelledCell, 'locations'>[]): Lessons {
  const targets = new Float32Array(cells.length * LOCATIONS.length);
  cells.forEach(({ locations }, i) => {
    targets.set(targetsOf(locations), i * LOCATIONS.length);
  });
  return { targets, entryWeights: null };
}

/** The lessons of some of the cells, in the order of their indices. */
export function lessonsOf(cells: Uint32Array, { targets, entryWeights }: Lessons): Lessons {
  return {
    targets: rowsOf(cells, targets),
    entryWeights: entryWeights === null ? null : rowsOf(cells, entryWeights),
  };
}

/** The rows of some cells out of a table of cells x 19. */
export function rowsOf(cells: Uint32Array, table: Float32Array): Float32Array<ArrayBuffer> {
  const classes = LOCATIONS.length;
  const rows = new Float32Array(cells.length * classes);
  cells.forEach((cell, i) => {
    rows.set(table.subarray(cell * classes, (cell + 1) * classes), i * classes);
  });
  return rows;
}
