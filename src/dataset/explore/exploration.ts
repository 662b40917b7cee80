import type { CellDetail, Masking } from '../../crops/index.js';
import type { LabelTable } from '../labels.js';

/** All that a page of exploration shows. */
export interface Exploration {
  /** What was explored: paths as they were given. */
  readonly source: string;
  /** null where there are no labels. */
  readonly labels: LabelTable | null;
  /** null where only a label table was given. */
  readonly fields: ExploredFields | null;
}

/** What was seen of fields of view and their cells. */
export interface ExploredFields {
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
  readonly fieldsWithoutCells: readonly string[];
  /** Messages of the fields that could not be read. */
  readonly problems: readonly string[];
  /** One entry a field. */
  readonly cellsPerField: readonly number[];
  readonly cells: readonly ExploredCell[];
  /** Of cells drawn at random; empty where only their crops are known, which have lost theirs. */
  readonly details: readonly CellDetail[];
  readonly examples: readonly Example[];
  readonly maskings: readonly MaskingExample[];
  /** How a store's crops are masked, who cannot be shown otherwise; null where whole fields were looked at. */
  readonly storedMasking: Masking | null;
}

/** One cell's box and its image's locations; null where the image has no label. */
export interface ExploredCell {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Side of the square around the cell, with its margin where that is known in pixels. */
  readonly sidePx: number;
  readonly locations: readonly number[] | null;
}

/** A cell to be shown, as a PNG file's bytes in base64. */
export interface Example {
  readonly field: string;
  readonly cell: number;
  /** Class ids of the image; empty where it has no label. */
  readonly locations: readonly number[];
  readonly pngBase64: string;
}

/** One cell in the three maskings: all channels, and the protein alone. */
export interface MaskingExample {
  readonly field: string;
  readonly cell: number;
  readonly pictures: Readonly<Record<Masking, { readonly all: string; readonly protein: string }>>;
}
