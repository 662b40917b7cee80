import { sampleWeights } from '../dataset/index.js';
import type { CellIndex } from './cells.js';

/** One weight a cell, with mean 1, by how rare the rarest location of its image is (see `sampleWeights`). */
export function balanceWeights(cells: readonly CellIndex[]): Float32Array {
  return sampleWeights(cells.map(({ field }) => field.locations));
}
