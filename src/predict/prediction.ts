import type { LocationScores } from '../common/index.js';
import type { Box, FieldOfView, Segmentation } from '../imaging/index.js';
import type { Rle } from '../masks/index.js';

/** One cell of a field: where it is, how large, and where its protein is. */
export interface CellPrediction {
  /** The cell's number in both label images. */
  readonly cell: number;
  /** In pixels of the field. */
  readonly box: Box;
  readonly areaUm2: number;
  readonly nucleusAreaUm2: number;
  /** Whether the cell is cut off by the border of the field. */
  readonly touchesEdge: boolean;
  /** Mean of the protein channel in the cell above the field's darkest percent, as a share of full scale. */
  readonly proteinMean: number;
  /** null where the field was only segmented. */
  readonly scores: LocationScores | null;
  /** The whole of a cell that may overlap others; absent where the label image shows it. */
  readonly mask?: Rle;
}

/** What the main job makes of one field of view. */
export interface FieldPrediction {
  readonly segmentation: Segmentation;
  /** Ascending by cell number; one for each number in `segmentation.cells`. */
  readonly cells: readonly CellPrediction[];
}

/** Cells of a field as label images; of a detector, which locates them in the same go, also each cell's scores and whole mask. */
export interface FoundCells extends Segmentation {
  readonly located?: ReadonlyMap<number, { readonly scores: LocationScores; readonly mask: Rle }>;
}

/** Outlines the cells and nuclei of a field. */
export type Segmenter = (field: FieldOfView) => Promise<FoundCells>;

/**
 * What happens to cells cut off by the border: `keep` them as they are, `weight` their scores down by their size
 * (see `weightScores`), or `drop` them from label images and tables.
 */
export const EDGE_POLICIES = ['keep', 'weight', 'drop'] as const;
export type EdgePolicy = (typeof EDGE_POLICIES)[number];
