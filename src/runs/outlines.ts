import type { FieldOfView, LabelImage } from '../imaging/index.js';
import { readMasks } from '../io/index.js';
import type { Segmenter } from '../predict/index.js';

/** Where the outlines of a field's cells come from. */
export interface OutlineSource {
  /** Folder with `ID/cells.png` for each field, as truth folders and results of `predict` are; null: the segmenter. */
  readonly masks: string | null;
  readonly segmenter: { readonly name: string; readonly segment: Segmenter };
}

/**
 * The label image of a field's cells.
 * @throws InputError as `readMasks`
 */
export async function outlineCells(
  field: FieldOfView,
  { masks, segmenter }: OutlineSource,
): Promise<LabelImage> {
  return masks === null ? (await segmenter.segment(field)).cells : readMasks(masks, field);
}
