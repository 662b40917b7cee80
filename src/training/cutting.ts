import type { Random } from '../common/index.js';
import { type CropOptions, cropsToBytes, cutCrops } from '../crops/index.js';
import { measureRegions, type Region } from '../imaging/index.js';
import {
  type FieldSource,
  openWorkerPool,
  type PixelSizes,
  readField,
  readMasks,
  type WorkerPool,
} from '../io/index.js';
import { segmentClassical } from '../segment/index.js';
import type { CuttingAnswer, CuttingTask } from './cutting-worker.js';

export interface CuttingOptions {
  readonly pixelSizes: PixelSizes;
  /** Folder of label images `ID/cells.png`; null: cells are outlined as in prediction. */
  readonly masksFolder: string | null;
  readonly crop: CropOptions;
  /** A field with more cells gives so many of them, drawn at random; null: all. */
  readonly cellsPerField: number | null;
  readonly random: Random;
}

/** The cells of one field, and their crops one after the other: cells x channels x size x size bytes, 255 stands for 1. */
export interface CutField {
  readonly regions: readonly Region[];
  readonly crops: Uint8Array<ArrayBuffer>;
  /** Edge of a pixel of the field. */
  readonly pixelSizeUm: number;
}

/**
 * Reads one field of view and cuts out its cells, in the order of their labels.
 * @throws InputError as `readField`, `readMasks` and `cutCrops`
 */
export async function cutField(source: FieldSource, options: CuttingOptions): Promise<CutField> {
  const { masksFolder, cellsPerField, random } = options;
  const field = await readField(source, options.pixelSizes);
  const cells = masksFolder === null ? segmentClassical(field).cells : await readMasks(masksFolder, field);
  const found = measureRegions(cells);
  const regions = cellsPerField === null ? found : drawCells(found, cellsPerField, random.integer);
  const crops = cropsToBytes(cutCrops(field, { cells }, regions, options.crop));
  return { regions, crops, pixelSizeUm: field.pixelSizeUm };
}

/** At most `most` of the regions, in their order. */
function drawCells(regions: readonly Region[], most: number, integer: (n: number) => number): Region[] {
  const rest = [...regions];
  while (rest.length > most) rest.splice(integer(rest.length), 1);
  return rest;
}

/** Threads that cut fields. */
export type CuttingPool = WorkerPool<CuttingTask, CuttingAnswer>;

/** @param threads @default one a core */
export function openCuttingPool(threads?: number): CuttingPool {
  return openWorkerPool(new URL('./cutting-worker.js', import.meta.url), threads);
}
