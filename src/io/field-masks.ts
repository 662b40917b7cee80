import { join } from 'node:path';
import { InputError } from '../common/index.js';
import type { FieldOfView, LabelImage } from '../imaging/index.js';
import { readLabelPng } from './png.js';

/**
 * The label image of a field's cells, `ID/cells.png` of a folder: one of truth, or of results of `predict`.
 * @throws InputError `labels-size-mismatch`; `file-*`, `image-*`, `label-image` (see `readLabelPng`)
 */
export async function readMasks(folder: string, field: FieldOfView): Promise<LabelImage> {
  const path = join(folder, field.id, 'cells.png');
  const cells = await readLabelPng(path);
  if (cells.width === field.width && cells.height === field.height) return cells;
  throw new InputError(
    'labels-size-mismatch',
    `field ${field.id}: ${path} is ${cells.width}x${cells.height} but the field is ${field.width}x${field.height}; ` +
      "give the label image at the field's size",
  );
}
