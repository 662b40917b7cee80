import { join } from 'node:path';
import { InputError } from '../common/index.js';
import type { FieldOfView, LabelImage } from '../imaging/index.js';
import { readLabelPng } from '../io/index.js';
import type { Segmenter } from '../predict/index.js';

/** Where the outlines of a field's cells come from. */
export interface OutlineSource {
  /** Folder with `ID/cells.png` for each field, as truth folders and results of `predict` are; null: the segmenter. */
  readonly masks: string | null;
  readonly segmenter: { readonly name: string; readonly segment: Segmenter };
}

/**
 * The label image of a field's cells.
 * @throws InputError `labels-size-mismatch`; `file-*`, `image-*`, `label-image` (see `readLabelPng`)
 */
export async function outlineCells(
  field: FieldOfView,
  { masks, segmenter }: OutlineSource,
): Promise<LabelImage> {
  if (masks === null) return (await segmenter.segment(field)).cells;
  const path = join(masks, field.id, 'cells.png');
  const cells = await readLabelPng(path);
  if (cells.width !== field.width || cells.height !== field.height) {
    throw new InputError(
      'labels-size-mismatch',
      `field ${field.id}: ${path} is ${cells.width}x${cells.height} but the field is ${field.width}x${field.height}; ` +
        "give the label image at the field's size",
    );
  }
  return cells;
}
