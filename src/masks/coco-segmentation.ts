import { z } from 'zod';
import { InputError } from '../common/index.js';
import { rleUnion } from './combine.js';
import { countsFromString, countsToString } from './counts-string.js';
import { traceOutlines } from './outlines.js';
import { outlinePolygon, rasterizePolygon } from './polygon.js';
import type { Rle } from './rle.js';

const sizeSchema = z.tuple([z.int().positive(), z.int().positive()]);

/** A mask in a COCO file: `size` is height, width; `counts` compressed or the runs themselves; or a list of polygons. */
export const cocoSegmentationSchema = z.union([
  z.object({ size: sizeSchema, counts: z.union([z.string(), z.array(z.int().min(0))]) }),
  z.array(z.array(z.number()).min(6)),
]);

export type CocoSegmentation = z.infer<typeof cocoSegmentationSchema>;

/** How masks are written: compressed run lengths, run lengths, or polygons along the pixels' edges. */
export const COCO_MASKS = ['rle', 'counts', 'polygons'] as const;
export type CocoMask = (typeof COCO_MASKS)[number];

export function toCocoSegmentation(rle: Rle, form: CocoMask = 'rle'): CocoSegmentation {
  if (form === 'polygons') return traceOutlines(rle).map(outlinePolygon);
  const size: [number, number] = [rle.height, rle.width];
  return { size, counts: form === 'rle' ? countsToString(rle.counts) : [...rle.counts] };
}

/**
 * The mask of an image of the given size. Polygons are filled as pycocotools fills them, several are joined.
 * @throws InputError `mask-size` where the mask has another size, `mask-counts` (see `countsFromString`)
 */
export function fromCocoSegmentation(segmentation: CocoSegmentation, width: number, height: number): Rle {
  if (Array.isArray(segmentation)) {
    const polygons = segmentation.map((corners) => rasterizePolygon(corners, width, height));
    return polygons.reduce(rleUnion, { width, height, counts: Uint32Array.of(width * height) });
  }
  const [maskHeight, maskWidth] = segmentation.size;
  if (maskWidth !== width || maskHeight !== height) {
    throw new InputError(
      'mask-size',
      `a mask is ${maskWidth}x${maskHeight} but its image is ${width}x${height}; masks must have their image's size`,
    );
  }
  const { counts } = segmentation;
  if (typeof counts === 'string') return countsFromString(counts, width, height);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== width * height) {
    throw new InputError(
      'mask-counts',
      `a mask's runs have ${total} pixels in all, expected ${width} x ${height} = ${width * height}`,
    );
  }
  return { width, height, counts: Uint32Array.from(counts) };
}
