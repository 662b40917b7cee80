import { join } from 'node:path';
import { CytolocusError, groupBy, InputError } from '../common/index.js';
import { type Channel, type FieldOfView, resizeLabels, scaledSize } from '../imaging/index.js';
import {
  type FieldSource,
  findFields,
  isFile,
  type PixelSizes,
  readCocoFile,
  readField,
} from '../io/index.js';
import {
  type CocoAnnotation,
  type CocoImage,
  cocoLocations,
  decodeMask,
  fromCocoSegmentation,
  rleArea,
} from '../masks/index.js';
import { planeBytes } from './segmenter-images.js';

/** One cell of an image at the network's scale: its mask within its box, row by row, 1 where it is set. */
export interface Instance {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
  /** Class ids. */
  readonly locations: readonly number[];
}

/** An image with its cells, at the network's scale. */
export interface DetectorImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** One plane a channel, 255 stands for the normalisation's greatest value. */
  readonly planes: readonly Uint8Array[];
  readonly instances: readonly Instance[];
}

export interface DetectorData {
  /** COCO data set with masks of single cells; categories are the 19 locations. */
  readonly coco: string;
  /** Folder of its images: colour pictures by `file_name`, or the channels of fields of view. */
  readonly images: string;
  readonly pixelSizes: PixelSizes;
}

export interface GatheredDetectorImages {
  readonly images: readonly DetectorImage[];
  /** Images that could not be read, with their annotations left out. */
  readonly problems: readonly CytolocusError[];
  /** Annotations of crowds, which are regions of uncounted cells. */
  readonly crowds: number;
  /** Annotations whose mask is empty. */
  readonly emptyMasks: number;
}

/**
 * Reads a COCO data set. Annotations that share a `cell` or a mask are one cell of several locations; images without
 * annotations are background.
 * @throws InputError `no-training-images` where nothing can be read, `no-annotations`; `coco-*` (see `readCocoFile`, `cocoLocations`)
 */
export async function gatherDetectorImages(
  { coco: path, images: folder, pixelSizes }: DetectorData,
  channels: readonly Channel[],
  pixelSizeUm: number,
  onImage: (done: number, total: number) => void = () => {},
): Promise<GatheredDetectorImages> {
  const coco = await readCocoFile(path);
  const locations = cocoLocations(coco.categories, path);
  const single = coco.annotations.filter(({ iscrowd }) => iscrowd === 0);
  if (single.length === 0) {
    throw new InputError(
      'no-annotations',
      `${path}: has no annotation of a single cell; expected masks to learn from`,
    );
  }
  const annotations = groupBy(single, ({ image_id }) => image_id);
  const { sources } = await findFields([folder]);
  const fields = new Map(sources.map((source) => [source.id, source]));
  const images: DetectorImage[] = [];
  const problems: CytolocusError[] = [];
  let emptyMasks = 0;
  for (const [index, image] of coco.images.entries()) {
    try {
      const field = await readField(await sourceOf(image, folder, fields), pixelSizes);
      checkSize(image, field);
      const size = scaledSize(field, field.pixelSizeUm / pixelSizeUm);
      const cells = [...groupBy(annotations.get(image.id) ?? [], cellKey).values()];
      const instances = cells.map((cell) => toInstance(cell, image, size, locations, path));
      emptyMasks += instances.filter((instance) => instance === null).length;
      images.push({
        id: field.id,
        ...size,
        planes: channels.map((channel) => planeBytes(field.channels[channel], size)),
        instances: instances.flatMap((instance) => instance ?? []),
      });
    } catch (error) {
      if (!(error instanceof CytolocusError)) throw error;
      problems.push(error);
    }
    onImage(index + 1, coco.images.length);
  }
  const crowds = coco.annotations.length - single.length;
  if (images.some(({ instances }) => instances.length > 0)) return { images, problems, crowds, emptyMasks };
  throw new InputError(
    'no-training-images',
    `${path}: none of its ${coco.images.length} images can be learnt from${problems.length > 0 ? `; the first problem: ${problems[0].message}` : ': there is no mask in any'}`,
  );
}

/** A field's channels where the folder has them, else the colour picture of the image's name. */
async function sourceOf(
  { file_name, field, id }: CocoImage,
  folder: string,
  fields: ReadonlyMap<string, FieldSource>,
): Promise<FieldSource> {
  const stem = file_name.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, '');
  const named = field ?? stem.replace(/_(red|green|blue|yellow)$/, '').replace(/_blue_red_green$/, '');
  const found = fields.get(named);
  if (found) return found;
  const path = join(folder, file_name);
  if (await isFile(path)) return { id: named, files: { kind: 'composite', path } };
  throw new InputError(
    'image-missing',
    `image ${id}: ${folder} has neither the file ${file_name} nor the channels ${named}_red, _green, _blue`,
  );
}

function checkSize({ id, file_name, width, height }: CocoImage, field: FieldOfView): void {
  if (field.width === width && field.height === height) return;
  throw new InputError(
    'sizes-differ',
    `image ${id} (${file_name}) is ${field.width}x${field.height}, but the data set says ${width}x${height}`,
  );
}

function cellKey({ cell, segmentation }: CocoAnnotation): string | number {
  return cell ?? JSON.stringify(segmentation);
}

/** The cell of some annotations; null where nothing of its mask is left. */
function toInstance(
  annotations: readonly CocoAnnotation[],
  { id, width, height }: CocoImage,
  size: { readonly width: number; readonly height: number },
  locations: ReadonlyMap<number, number>,
  path: string,
): Instance | null {
  const [first] = annotations;
  let mask: Uint8Array;
  try {
    const rle = fromCocoSegmentation(first.segmentation, width, height);
    if (rleArea(rle) === 0) return null;
    mask = decodeMask(rle);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.code, `${path}, image ${id}, annotation ${first.id}: ${cause.message}`, {
      cause,
    });
  }
  const scaled = resizeLabels({ width, height, data: Int32Array.from(mask) }, size.width, size.height);
  const ids = annotations.flatMap(({ category_id }) => locations.get(category_id) ?? []);
  return cropInstance(
    scaled.data,
    size.width,
    size.height,
    [...new Set(ids)].sort((a, b) => a - b),
  );
}

/** The set pixels of a mask within their box; null where there is none. */
export function cropInstance(
  mask: ArrayLike<number>,
  width: number,
  height: number,
  locations: readonly number[],
): Instance | null {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (mask[i] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return null;
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  const cropped = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) cropped[y * box.width + x] = mask[(top + y) * width + left + x];
  }
  return { ...box, mask: cropped, locations };
}
