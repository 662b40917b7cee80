import type { CocoAnnotation } from './coco-file.js';
import { type CocoMask, toCocoSegmentation } from './coco-segmentation.js';
import { rleArea, rleBox } from './measure.js';
import type { Rle } from './rle.js';

/** A cell as it goes into a COCO file: its number in the label image, its mask, and its locations' class ids. */
export interface CocoCell {
  readonly cell: number;
  readonly mask: Rle;
  readonly locations: readonly number[];
}

/**
 * The annotations of an image's cells: one for each cell and location, category = class id + 1 (see `COCO_CATEGORIES`),
 * box and area from the mask. Ids count up from `firstId`.
 */
export function cocoAnnotations(
  imageId: number,
  cells: readonly CocoCell[],
  firstId: number,
  form: CocoMask = 'rle',
): CocoAnnotation[] {
  let id = firstId;
  return cells.flatMap(({ cell, mask, locations }) => {
    const segmentation = toCocoSegmentation(mask, form);
    const { x, y, width, height } = rleBox(mask);
    return locations.map((classId) => ({
      id: id++,
      image_id: imageId,
      category_id: classId + 1,
      segmentation,
      area: rleArea(mask),
      bbox: [x, y, width, height] as [number, number, number, number],
      iscrowd: 0 as const,
      cell,
    }));
  });
}
