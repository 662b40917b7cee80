import sharp from 'sharp';
import { InputError } from '../common/index.js';
import type { LabelImage, Plane, RgbImage } from '../imaging/index.js';
import { writeFileAtomic } from './file.js';
import { readRaster } from './raster.js';

/**
 * Reads a label image from a grey PNG or TIFF of 8 or 16 bits; the values are those stored.
 * @throws InputError as readRaster; `label-image` where the file is colour, a palette, JPEG or below 8 bits
 */
export async function readLabelPng(path: string): Promise<LabelImage> {
  const { width, height, samples, data, exact, format } = await readRaster(path);
  if (samples !== 1 || !exact || format === 'jpeg') {
    const found =
      format === 'jpeg'
        ? 'a JPEG, whose values are only near those stored'
        : exact
          ? 'a colour picture'
          : 'a palette or 1 to 4 bit picture';
    throw new InputError(
      'label-image',
      `${path}: is ${found}; a label image is a grey 8 or 16 bit PNG or TIFF`,
    );
  }
  return { width, height, data: Int32Array.from(data) };
}

/**
 * Writes a label image as a 16-bit grey PNG.
 * @throws InputError `label-range` for labels outside 0 to 65535, `not-writable`
 */
export async function writeLabelPng(path: string, labels: LabelImage): Promise<void> {
  const { width, height, data } = labels;
  const wide = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const label = data[i];
    if (label < 0 || label > 65535) {
      throw new InputError(
        'label-range',
        `${path}: label ${label} does not fit a 16-bit PNG (0 to 65535); renumber the cells`,
      );
    }
    wide[i] = label;
  }
  await writeFileAtomic(path, await encodeGrey(wide, width, height));
}

/**
 * Writes a plane as a grey PNG of its bit depth; floats in [0, 1] become 16 bit.
 * @throws InputError `not-writable`
 */
export async function writePlanePng(path: string, plane: Plane): Promise<void> {
  const { width, height, data } = plane;
  if (data instanceof Float32Array) {
    const wide = new Uint16Array(data.length);
    for (let i = 0; i < data.length; i++) wide[i] = Math.round(Math.min(1, Math.max(0, data[i])) * 65535);
    await writeFileAtomic(path, await encodeGrey(wide, width, height));
  } else {
    await writeFileAtomic(path, await encodeGrey(data, width, height));
  }
}

/**
 * Writes a picture in 8-bit colours as PNG.
 * @throws InputError `not-writable`
 */
export async function writeRgbPng(path: string, image: RgbImage): Promise<void> {
  await writeFileAtomic(path, await encodeRgbPng(image));
}

/** The bytes of a PNG file of a picture in 8-bit colours. */
export function encodeRgbPng({ width, height, data }: RgbImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function encodeGrey(data: Uint8Array | Uint16Array, width: number, height: number): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace(data instanceof Uint16Array ? 'grey16' : 'b-w')
    .png()
    .toBuffer();
}
