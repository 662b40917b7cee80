// Runs in a worker thread: one field of view to the crops of its cells.
import { createRandom } from '../common/index.js';
import type { CellFacts } from '../dataset/index.js';
import type { FieldSource, Moved } from '../io/index.js';
import { type CuttingOptions, cutField } from '../training/index.js';
import { toProblem } from './problems.js';

export interface CroppingTask extends Omit<CuttingOptions, 'random'> {
  readonly source: FieldSource;
  /** Seeds the drawing of cells. */
  readonly seed: number;
  /** The image's label, given to all its cells. */
  readonly locations: readonly number[];
}

export type CroppingAnswer =
  | { readonly cells: readonly CellFacts[]; readonly crops: Uint8Array<ArrayBuffer> }
  /** Error classes do not survive the way between threads. */
  | { readonly problem: { readonly code: string; readonly message: string } };

export default async function cropField(task: CroppingTask): Promise<Moved<CroppingAnswer>> {
  const { source, locations, seed } = task;
  try {
    const { regions, crops, pixelSizeUm } = await cutField(source, { ...task, random: createRandom(seed) });
    const cells = regions.map(({ label, box, areaPx, touchesEdge }) => ({
      ...{ field: source.id, cell: label, locations, box, touchesEdge },
      areaUm2: Number((areaPx * pixelSizeUm ** 2).toFixed(2)),
    }));
    return { result: { cells, crops }, moved: [crops.buffer] };
  } catch (error) {
    const { code, message } = toProblem(error, source.id);
    return { result: { problem: { code, message } }, moved: [] };
  }
}
