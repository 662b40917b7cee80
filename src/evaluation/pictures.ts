import { type Box, type Plane, percentile, type RgbImage } from '../imaging/index.js';
import { boxesOverlap, cropRle, decodeMask, type Rle, rleBox } from '../masks/index.js';
import type { DrawnCell, DrawnField } from './worst.js';

export const TRUE_COLOUR = [0, 158, 115] as const;
export const PREDICTED_COLOUR = [230, 120, 0] as const;
/** The true cell that a picture is about. */
export const MARKED_COLOUR = [90, 255, 200] as const;
const NO_IMAGE = [40, 40, 40] as const;
/** Percentiles that are shown as black and as white, and the exponent between them, which lifts dim cells. */
const STRETCH_PERCENT = [1, 99.7] as const;
const GAMMA = 0.7;
/** Share of a cell's box shown around it. */
const MARGIN = 0.15;

type Colour = readonly [number, number, number];

/** A field with all its true and predicted outlines, `sizePx` along its longer side. */
export function drawField(field: DrawnField, background: Plane | null, sizePx: number): RgbImage {
  const box = { x: 0, y: 0, width: field.width, height: field.height };
  return draw(box, background, sizePx, [
    ...field.truth.map((mask) => ({ mask, colour: TRUE_COLOUR })),
    ...field.predicted.map((mask) => ({ mask, colour: PREDICTED_COLOUR })),
  ]);
}

/** A true cell and what lies around it, `sizePx` along the longer side. */
export function drawCell({ field, mask }: DrawnCell, background: Plane | null, sizePx: number): RgbImage {
  const box = grow(rleBox(mask), field);
  return draw(box, background, sizePx, [
    ...field.truth.map((other) => ({ mask: other, colour: TRUE_COLOUR })),
    { mask, colour: MARKED_COLOUR },
    ...field.predicted.map((other) => ({ mask: other, colour: PREDICTED_COLOUR })),
  ]);
}

function grow(box: Box, { width, height }: DrawnField): Box {
  const margin = Math.ceil(MARGIN * Math.max(box.width, box.height));
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin);
  return {
    x,
    y,
    width: Math.min(width, box.x + box.width + margin) - x,
    height: Math.min(height, box.y + box.height + margin) - y,
  };
}

function draw(
  box: Box,
  background: Plane | null,
  sizePx: number,
  outlines: readonly { readonly mask: Rle; readonly colour: Colour }[],
): RgbImage {
  const scale = sizePx / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * box.width) / width));
  const rows = Int32Array.from({ length: height }, (_, y) => Math.floor(((y + 0.5) * box.height) / height));
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  if (background === null) for (let i = 0; i < width * height; i++) image.data.set(NO_IMAGE, i * 3);
  else paintPlane(image, background, box, columns, rows);
  for (const { mask, colour } of outlines) {
    if (boxesOverlap(rleBox(mask), box))
      paintOutline(image, decodeMask(cropRle(mask, box)), box.width, columns, rows, colour);
  }
  return image;
}

function paintPlane(image: RgbImage, plane: Plane, box: Box, columns: Int32Array, rows: Int32Array): void {
  const low = percentile(plane, STRETCH_PERCENT[0]);
  const high = percentile(plane, STRETCH_PERCENT[1]);
  const range = Math.max(high - low, Number.EPSILON);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const value = plane.data[(box.y + row) * plane.width + box.x + column];
      const grey = Math.round(255 * Math.min(1, Math.max(0, (value - low) / range)) ** GAMMA);
      image.data.fill(grey, at, at + 3);
      at += 3;
    }
  }
}

/** Pixels of the mask beside one outside it; the picture's border is no outline. */
function paintOutline(
  image: RgbImage,
  mask: Uint8Array,
  maskWidth: number,
  columns: Int32Array,
  rows: Int32Array,
  colour: Colour,
): void {
  const { width, height, data } = image;
  const isSet = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height || mask[rows[y] * maskWidth + columns[x]] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isSet(x, y)) continue;
      if (isSet(x - 1, y) && isSet(x + 1, y) && isSet(x, y - 1) && isSet(x, y + 1)) continue;
      data.set(colour, (y * width + x) * 3);
    }
  }
}
