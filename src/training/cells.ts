import { join } from 'node:path';
import { CytolocusError, createRandom, InputError, LOCATIONS } from '../common/index.js';
import type { CropOptions } from '../crops/index.js';
import { joinLabels, type Omission, readLabels } from '../dataset/index.js';
import { type FieldSource, findFields, type PixelSizes } from '../io/index.js';
import { cutField } from './cutting.js';

/** The crops of all cells of one labelled field. */
export interface FieldCells {
  /** Folder and id: unique over all folders. */
  readonly key: string;
  /** The image's weak label: class ids, ascending. */
  readonly locations: readonly number[];
  /** Numbers of the cells in the label image, in the order of the crops. */
  readonly cells: readonly number[];
  /** Cells x channels x size x size; 255 stands for 1. */
  readonly crops: Uint8Array;
}

/** Where a field's outlines come from: our segmenter, as in prediction, or the truth folder. */
export type Outlines = 'segmented' | 'truth';

export interface GatherOptions {
  /** Folders of fields, with `truth/` in them where outlines come from it. */
  readonly folders: readonly string[];
  /** Label table of each folder. @default its `train.csv` */
  readonly labels?: readonly string[];
  readonly crop: CropOptions;
  readonly outlines: Outlines;
  /** A field with more cells gives so many of them, drawn by the seed: many fields teach more than many cells. */
  readonly cellsPerField: number;
  readonly seed: number;
  readonly pixelSizes: PixelSizes;
  readonly onField?: (done: number, total: number) => void;
}

/** What a training does not use, and why. */
export interface LeftOut {
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
  readonly fieldsWithoutCells: readonly string[];
  /** Fields that could not be read. */
  readonly problems: readonly CytolocusError[];
  /** Damaged crops of a store. */
  readonly omitted: readonly Omission[];
  /** How many crops of a store have no label. */
  readonly cellsWithoutLabel: number;
  /** How many cells have several locations, which a softmax cannot learn. */
  readonly cellsOfSeveral: number;
  /** Class ids that no cell of the training has: the network cannot learn them. */
  readonly untaught: readonly number[];
  /** Class ids that are learned, but that no cell kept for judging has. */
  readonly unjudged: readonly number[];
}

/** What was found in the folders. */
export interface GatheredCells extends LeftOut {
  readonly fields: readonly FieldCells[];
}

/**
 * Reads labelled fields and cuts out their cells, in the order of the folders and of the ids.
 * @throws InputError `no-training-fields` when nothing is left, and what `readLabels` throws
 */
export async function gatherCells(options: GatherOptions): Promise<GatheredCells> {
  const problems: CytolocusError[] = [];
  const imagesWithoutLabel: string[] = [];
  const labelsWithoutImage: string[] = [];
  const wanted: { folder: string; source: FieldSource; locations: readonly number[] }[] = [];
  for (const [i, folder] of options.folders.entries()) {
    const table = await readLabels(options.labels?.[i] ?? join(folder, 'train.csv'));
    const found = await findFields([folder]);
    problems.push(...found.problems);
    const joined = joinLabels(
      table,
      found.sources.map(({ id }) => id),
    );
    imagesWithoutLabel.push(...joined.imagesWithoutLabel);
    labelsWithoutImage.push(...joined.labelsWithoutImage);
    for (const source of found.sources) {
      const locations = table.locations.get(source.id);
      if (locations) wanted.push({ folder, source, locations });
    }
  }
  const fields: FieldCells[] = [];
  const fieldsWithoutCells: string[] = [];
  for (let i = 0; i < wanted.length; i++) {
    const { folder, source, locations } = wanted[i];
    const key = join(folder, source.id);
    try {
      const { regions, crops } = await cutField(source, {
        pixelSizes: options.pixelSizes,
        masksFolder: options.outlines === 'truth' ? join(folder, 'truth') : null,
        crop: options.crop,
        cellsPerField: options.cellsPerField,
        random: createRandom(options.seed).fork(i),
      });
      if (regions.length === 0) fieldsWithoutCells.push(key);
      else fields.push({ key, locations, cells: regions.map(({ label }) => label), crops });
    } catch (error) {
      if (!(error instanceof CytolocusError)) throw error;
      problems.push(error);
    }
    options.onField?.(i + 1, wanted.length);
  }
  if (fields.length === 0) {
    throw new InputError(
      'no-training-fields',
      `${options.folders.join(', ')}: no field with a label and a cell; ${imagesWithoutLabel.length} image(s) have no label, ` +
        `${labelsWithoutImage.length} label(s) no image, ${fieldsWithoutCells.length} field(s) no cell, ${problems.length} problem(s)` +
        (problems.length > 0 ? `, the first: ${problems[0].message}` : ''),
    );
  }
  return {
    ...{ fields, imagesWithoutLabel, labelsWithoutImage, fieldsWithoutCells, problems },
    ...{ omitted: [], cellsWithoutLabel: 0, cellsOfSeveral: 0, untaught: [], unjudged: [] },
  };
}

/** What was left out, without what was found. */
export function leftOutOf({ fields: _, ...leftOut }: GatheredCells): LeftOut {
  return leftOut;
}

/** One cell of a set: its field and its place in it. */
export interface CellIndex {
  readonly field: FieldCells;
  readonly index: number;
}

/** All cells of the fields, field by field. */
export function listCells(fields: readonly FieldCells[]): CellIndex[] {
  return fields.flatMap((field) => field.cells.map((_, index) => ({ field, index })));
}

/** The bytes of one cell's crop. */
export function cropOf({ field, index }: CellIndex): Uint8Array {
  const length = field.crops.length / field.cells.length;
  return field.crops.subarray(index * length, (index + 1) * length);
}

/** Weak label as one 0 or 1 a location. */
export function targetsOf(locations: readonly number[]): Float32Array {
  const targets = new Float32Array(LOCATIONS.length);
  for (const id of locations) targets[id] = 1;
  return targets;
}
