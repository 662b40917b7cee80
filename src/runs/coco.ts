import { basename, join } from 'node:path';
import { type CytolocusError, UsageError } from '../common/index.js';
import { joinLabels, readLabels, readTruthLocations } from '../dataset/index.js';
import { stackRgb } from '../imaging/index.js';
import {
  type FieldSource,
  findFields,
  openCocoWriter,
  type PixelSizes,
  prepareFolder,
  readField,
  writeRgbPng,
} from '../io/index.js';
import { type CocoCell, type CocoMask, cocoAnnotations, encodeLabelImage } from '../masks/index.js';
import { type OutlineSource, outlineCells } from './outlines.js';
import { toProblem } from './problems.js';
import { VERSION } from './version.js';

export interface CocoExportOptions {
  /** The file to write. */
  readonly out: string;
  /** `train.csv`: an image's locations are given to all its cells. null: each cell's own, from the `cells.csv` beside the masks. */
  readonly labels: string | null;
  readonly outlines: OutlineSource;
  readonly pixelSizes: PixelSizes;
  readonly encoding: CocoMask;
  /** Folder for `ID.png`: microtubules, protein and nuclei as red, green and blue. null: none are written. */
  readonly pictures: string | null;
}

/** What was written and, listed, what was left out. */
export interface CocoExport {
  readonly images: number;
  readonly cells: number;
  readonly annotations: number;
  readonly imagesWithoutLabel: readonly string[];
  readonly labelsWithoutImage: readonly string[];
  /** `FIELD/CELL` where nobody knows the cell's locations. */
  readonly cellsWithoutLabel: readonly string[];
  readonly problems: readonly CytolocusError[];
}

export interface CocoExportEvents {
  /** All fields are known; the work begins. */
  found(total: number): void;
  done(field: string, cells: number): void;
  /** Something is wrong; the other fields go on. */
  problem(problem: CytolocusError, field: string | null): void;
}

/**
 * Writes a COCO data set of the cells of labelled fields of view: one annotation for each cell and location. A bad field
 * is reported and the others go on; where none is good no file is written.
 * @throws UsageError `coco-labels` where neither labels nor a folder of masks is given; InputError `not-writable`, and what
 *   is wrong with the tables
 */
export async function exportCoco(
  inputs: readonly string[],
  options: CocoExportOptions,
  events: CocoExportEvents,
): Promise<CocoExport> {
  const known = await readKnownLocations(options);
  const { sources, problems: inputProblems } = await findFields(inputs);
  const problems: CytolocusError[] = [...inputProblems];
  for (const problem of inputProblems) events.problem(problem, null);
  const joined = joinLabels(
    known,
    sources.map(({ id }) => id),
  );
  const labelled = sources.filter(({ id }) => known.locations.has(id));
  events.found(labelled.length);
  if (options.pictures !== null) await prepareFolder(options.pictures);
  const writer = await openCocoWriter(options.out, `made by cytolocus ${VERSION}`);
  const counts = { images: 0, cells: 0, annotations: 0 };
  const cellsWithoutLabel: string[] = [];
  try {
    for (const source of labelled) {
      const field = await cutField(source, known, options).catch((error: unknown) => {
        const problem = toProblem(error, source.id);
        problems.push(problem);
        events.problem(problem, source.id);
        return null;
      });
      if (field === null) continue;
      const { image, cells, unknown } = field;
      const imageId = counts.images + 1;
      const annotations = cocoAnnotations(imageId, cells, counts.annotations + 1, options.encoding);
      await writer.add({ id: imageId, ...image }, annotations);
      counts.images++;
      counts.cells += cells.length;
      counts.annotations += annotations.length;
      cellsWithoutLabel.push(...unknown.map((cell) => `${source.id}/${cell}`));
      events.done(source.id, cells.length);
    }
    if (counts.images > 0) await writer.commit();
    else await writer.discard();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return {
    ...counts,
    imagesWithoutLabel: joined.imagesWithoutLabel,
    labelsWithoutImage: joined.labelsWithoutImage,
    cellsWithoutLabel,
    problems,
  };
}

interface KnownLocations {
  /** What is known, by field. */
  readonly locations: ReadonlyMap<string, unknown>;
  /** Class ids of a cell; null where nobody knows. */
  of(field: string, cell: number): readonly number[] | null;
}

async function readKnownLocations({ labels, outlines }: CocoExportOptions): Promise<KnownLocations> {
  if (labels !== null) {
    const { locations } = await readLabels(labels);
    return { locations, of: (field) => locations.get(field) ?? null };
  }
  if (outlines.masks === null) {
    throw new UsageError(
      'coco-labels',
      'coco: no locations are given; expected --labels train.csv, or --masks DIR with a cells.csv in it',
    );
  }
  const locations = await readTruthLocations(outlines.masks);
  return { locations, of: (field, cell) => locations.get(field)?.get(cell) ?? null };
}

async function cutField(source: FieldSource, known: KnownLocations, options: CocoExportOptions) {
  const field = await readField(source, options.pixelSizes);
  const cells: CocoCell[] = [];
  const unknown: number[] = [];
  for (const [cell, mask] of encodeLabelImage(await outlineCells(field, options.outlines))) {
    const locations = known.of(source.id, cell);
    if (locations === null) unknown.push(cell);
    else cells.push({ cell, mask, locations });
  }
  const { id, width, height } = field;
  if (options.pictures !== null) await writeRgbPng(join(options.pictures, `${id}.png`), stackRgb(field));
  const file_name = options.pictures === null ? proteinFileName(source) : `${id}.png`;
  return { image: { file_name, width, height, field: id }, cells, unknown };
}

/** Without stacked pictures the image is the field's protein channel, or the file that holds all channels. */
function proteinFileName({ id, files }: FieldSource): string {
  return basename(files.kind === 'channels' ? (files.paths.protein ?? id) : files.path);
}
