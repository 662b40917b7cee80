import { z } from 'zod';
import { InputError, LOCATIONS, locationIndex } from '../common/index.js';
import { cocoSegmentationSchema } from './coco-segmentation.js';

const idSchema = z.union([z.int(), z.string()]);

const imageSchema = z.object({
  id: idSchema,
  file_name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** Ours: id of the field of view. */
  field: z.string().optional(),
});

const categorySchema = z.object({
  id: z.int(),
  name: z.string(),
  supercategory: z.string().optional(),
});

const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const annotationSchema = z.object({
  id: idSchema,
  image_id: idSchema,
  category_id: z.int(),
  segmentation: cocoSegmentationSchema,
  /** Set pixels. */
  area: z.number().min(0),
  /** x, y, width, height in pixels. */
  bbox: boxSchema,
  iscrowd: z.union([z.literal(0), z.literal(1)]).default(0),
  /** Ours: number of the cell in its field's label image. A cell of several locations has an annotation for each. */
  cell: z.int().positive().optional(),
});

/** A COCO data set (cocodataset.org, "Data format"): what we write and need; other entries are left out in reading. */
const cocoFileSchema = z.object({
  images: z.array(imageSchema),
  annotations: z.array(annotationSchema),
  categories: z.array(categorySchema),
});

/** COCO results: a flat list of detections. */
const cocoResultsSchema = z.array(
  z.object({
    image_id: idSchema,
    category_id: z.int(),
    segmentation: cocoSegmentationSchema,
    bbox: boxSchema.optional(),
    score: z.number(),
    cell: z.int().positive().optional(),
  }),
);

export type CocoId = z.infer<typeof idSchema>;
export type CocoImage = z.infer<typeof imageSchema>;
export type CocoCategory = z.infer<typeof categorySchema>;
export type CocoAnnotation = z.infer<typeof annotationSchema>;
export type CocoFile = z.infer<typeof cocoFileSchema>;
export type CocoResult = z.infer<typeof cocoResultsSchema>[number];

/**
 * The 19 locations as COCO categories. Their ids are class id + 1: in COCO 0 is by custom the background, and detectors
 * that take ids as they are would lose Nucleoplasm.
 */
export const COCO_CATEGORIES: readonly CocoCategory[] = LOCATIONS.map((name, classId) => ({
  id: classId + 1,
  name,
  supercategory: 'location',
}));

/**
 * Checks the content of a COCO data set.
 * @param file its name, for messages
 * @throws InputError `coco-format` where an entry is missing or of the wrong kind, `coco-reference` where an annotation
 *   names an image or category that is not there, `coco-duplicate` where an id is there twice
 */
export function parseCocoFile(json: unknown, file: string): CocoFile {
  const coco = parseWith(
    cocoFileSchema,
    json,
    file,
    'a COCO data set with images, annotations and categories',
  );
  const images = uniqueIds(coco.images, 'image', file);
  const categories = uniqueIds(coco.categories, 'category', file);
  uniqueIds(coco.annotations, 'annotation', file);
  for (const { id, image_id, category_id } of coco.annotations) {
    if (!images.has(image_id)) throw unknownReference(file, `annotation ${id}`, `image ${image_id}`);
    if (!categories.has(category_id))
      throw unknownReference(file, `annotation ${id}`, `category ${category_id}`);
  }
  return coco;
}

/**
 * Checks the content of a COCO results file; which images and categories its ids mean, its data set says.
 * @throws InputError `coco-format`
 */
export function parseCocoResults(json: unknown, file: string): CocoResult[] {
  return parseWith(
    cocoResultsSchema,
    json,
    file,
    'a list of COCO results with image_id, category_id, segmentation and score',
  );
}

/**
 * Class id of a location by category id, by the categories' names; case does not matter.
 * @throws InputError `coco-category`: a category is none of the 19 locations
 */
export function cocoLocations(categories: readonly CocoCategory[], file: string): Map<number, number> {
  return new Map(
    categories.map(({ id, name }) => {
      try {
        return [id, locationIndex(name)];
      } catch (cause) {
        if (!(cause instanceof InputError)) throw cause;
        throw new InputError('coco-category', `${file}, category ${id}: ${cause.message}`, { cause });
      }
    }),
  );
}

function parseWith<T>(schema: z.ZodType<T>, json: unknown, file: string, expected: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.length === 0 ? '' : `, at ${issue.path.join('.')}`;
  throw new InputError('coco-format', `${file}${place}: ${issue.message}; expected ${expected}`);
}

function uniqueIds(items: readonly { readonly id: CocoId }[], what: string, file: string): Set<CocoId> {
  const ids = new Set<CocoId>();
  for (const { id } of items) {
    if (ids.has(id)) throw new InputError('coco-duplicate', `${file}: two entries have the ${what} id ${id}`);
    ids.add(id);
  }
  return ids;
}

function unknownReference(file: string, who: string, what: string): InputError {
  return new InputError('coco-reference', `${file}: ${who} belongs to ${what}, which the file does not have`);
}
