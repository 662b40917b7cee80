import { groupBy, InputError, LOCATIONS } from '../common/index.js';
import { readCocoFile } from '../io/index.js';
import {
  type CocoAnnotation,
  type CocoCategory,
  type CocoFile,
  type CocoId,
  type CocoImage,
  cocoLocations,
  fromCocoSegmentation,
} from '../masks/index.js';
import type { TrueCell } from '../scoring/index.js';
import type { CocoIds, TruthSource } from './truth.js';

/**
 * Truth as a COCO data set. Annotations of one mask (or of one `cell`, where the file says so) are one cell of several
 * locations. Where no category is one of the 19 locations, only the outlines are known.
 * @throws InputError `coco-crowd`, `coco-category`, and what `readCocoFile` throws
 */
export async function openTruthCoco(path: string): Promise<TruthSource> {
  const coco = await readCocoFile(path);
  if (coco.images.length === 0) throw new InputError('no-truth', `${path}: the COCO data set has no image`);
  const crowd = coco.annotations.find(({ iscrowd }) => iscrowd === 1);
  if (crowd !== undefined) {
    throw new InputError(
      'coco-crowd',
      `${path}: annotation ${crowd.id} is a crowd; expected a mask for each single cell`,
    );
  }
  const ids = cocoIds(coco, path);
  const byImage = groupBy(coco.annotations, ({ image_id }) => image_id);
  const imageOf = new Map(coco.images.map((image) => [ids.images.get(image.id)!, image]));
  const knowsLocations = ids.categories.size > 0;
  return {
    path,
    ids: [...imageOf.keys()],
    knowsLocations,
    coco: ids,
    async read(id) {
      const image = imageOf.get(id);
      if (image === undefined) throw new RangeError(`${path} has no image ${id}`);
      const cells = [...groupByCell(byImage.get(image.id) ?? []).values()].map((annotations) =>
        toCell(annotations, image, ids, path),
      );
      return { id, width: image.width, height: image.height, cells };
    },
  };
}

/**
 * Fields and class ids behind a data set's ids. A field is called by the image's `field`, else by its file's name
 * without folder, channel and ending.
 * @throws InputError `coco-duplicate` where two images are of one field, `coco-category`
 */
export function cocoIds({ images, categories }: Omit<CocoFile, 'annotations'>, path: string): CocoIds {
  const fields = new Map<CocoId, string>();
  const seen = new Set<string>();
  for (const image of images) {
    const field = fieldOf(image);
    if (seen.has(field)) throw new InputError('coco-duplicate', `${path}: two images are of field ${field}`);
    seen.add(field);
    fields.set(image.id, field);
  }
  const located = categories.some(isLocation);
  return { images: fields, categories: located ? cocoLocations(categories, path) : new Map() };
}

function fieldOf({ field, file_name }: CocoImage): string {
  if (field !== undefined) return field;
  const name = file_name.slice(Math.max(file_name.lastIndexOf('/'), file_name.lastIndexOf('\\')) + 1);
  return name.replace(/\.[^.]+$/, '').replace(/_(red|green|blue|yellow)$/, '');
}

function isLocation({ name }: CocoCategory): boolean {
  return LOCATIONS.some((location) => location.toLowerCase() === name.trim().toLowerCase());
}

/** Annotations of the same cell, in the order of each cell's first. */
export function groupByCell<T extends Pick<CocoAnnotation, 'segmentation' | 'cell'>>(
  items: readonly T[],
): Map<number | string, T[]> {
  return groupBy(items, (item) => item.cell ?? maskKey(item));
}

/** The same for the same mask. */
function maskKey({ segmentation }: Pick<CocoAnnotation, 'segmentation'>): string {
  if (!Array.isArray(segmentation) && typeof segmentation.counts === 'string') return segmentation.counts;
  return JSON.stringify(segmentation);
}

function toCell(
  annotations: readonly CocoAnnotation[],
  { width, height }: CocoImage,
  { categories }: CocoIds,
  path: string,
): TrueCell {
  const [{ id, cell, segmentation }] = annotations;
  const classIds = annotations.flatMap(({ category_id }) => categories.get(category_id) ?? []);
  return {
    name: cell === undefined ? `annotation ${id}` : `cell ${cell}`,
    mask: inFile(`${path}, annotation ${id}`, () => fromCocoSegmentation(segmentation, width, height)),
    locations: categories.size === 0 ? null : [...new Set(classIds)].sort((a, b) => a - b),
  };
}

/** Says in which file and entry something was wrong. */
export function inFile<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.code, `${place}: ${cause.message}`, { cause });
  }
}
