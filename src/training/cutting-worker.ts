// Runs in a worker thread: one field of view to the crops of its cells.
import { CytolocusError, createRandom } from '../common/index.js';
import type { FieldSource, Moved } from '../io/index.js';
import { type CutField, type CuttingOptions, cutField } from './cutting.js';

export interface CuttingTask extends Omit<CuttingOptions, 'random'> {
  readonly source: FieldSource;
  /** Seeds the drawing of cells. */
  readonly seed: number;
}

/** Error classes do not survive the way between threads: an expected failure is its code and message. */
export type CuttingAnswer =
  | CutField
  | { readonly problem: { readonly code: string; readonly message: string } };

export default async function cut(task: CuttingTask): Promise<Moved<CuttingAnswer>> {
  try {
    const result = await cutField(task.source, { ...task, random: createRandom(task.seed) });
    return { result, moved: [result.crops.buffer] };
  } catch (error) {
    if (!(error instanceof CytolocusError)) throw error;
    return { result: { problem: { code: error.code, message: error.message } }, moved: [] };
  }
}
