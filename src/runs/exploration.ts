import { join } from 'node:path';
import { type CytolocusError, createRandom, InputError, shuffled } from '../common/index.js';
import {
  type CellDetail,
  type CropOptions,
  cropPicture,
  cutCrop,
  DEFAULT_CROP,
  MASKINGS,
  type Masking,
  measureLevels,
} from '../crops/index.js';
import {
  type Example,
  type ExploredCell,
  type ExploredFields,
  joinLabels,
  type LabelTable,
  type MaskingExample,
  readLabels,
} from '../dataset/index.js';
import {
  type Box,
  type Channel,
  energyBelow,
  type FieldOfView,
  type LabelImage,
  measureRegions,
  type Region,
} from '../imaging/index.js';
import {
  encodeRgbPng,
  type FieldSource,
  findFields,
  isFile,
  type PixelSizes,
  readField,
} from '../io/index.js';
import { createGalleries } from './galleries.js';
import { type OutlineSource, outlineCells } from './outlines.js';
import { toProblem } from './problems.js';

export interface ExplorationOptions {
  /** Label table; null: the `train.csv` in the first input folder, if there is one. */
  readonly labels: string | null;
  readonly outlines: OutlineSource;
  readonly pixelSizes: PixelSizes;
  /** Chooses the cells that are shown and those whose detail is measured. */
  readonly seed: number;
}

export interface ExplorationEvents {
  /** All fields are known; the work begins. */
  found(total: number): void;
  done(field: string, cells: number): void;
  /** Something is wrong; the other fields go on. */
  problem(problem: CytolocusError, field: string | null): void;
}

const MASKING_EXAMPLES = 4;
/** Cells whose detail is measured, over all fields: enough for a mean, a few seconds of work. */
const DETAIL_CELLS = 60;
/** Of a larger cell only the middle is measured: the spectrum of a whole field would take a gigabyte. */
const MOST_DETAIL_PX = 1024;
/** Bands of frequency up to half a cycle a pixel. */
const BANDS = 64;

/** The crops that are shown: as our networks see cells, but every cell fills its picture. */
const SHOWN: CropOptions = { ...DEFAULT_CROP, resize: { kind: 'pad' } };

/**
 * Looks at labelled fields of view and their cells. A bad field is reported and the others go on.
 * @returns the labels of the images that are there (null where there is no table), and what was seen of the fields
 * @throws InputError `no-fields` where not one field could be read, and what is wrong with the label table
 */
export async function exploreFields(
  inputs: readonly string[],
  options: ExplorationOptions,
  events: ExplorationEvents,
): Promise<{ labels: LabelTable | null; fields: ExploredFields }> {
  const table = await findTable(inputs, options.labels);
  const { sources, problems: inputProblems } = await findFields(inputs);
  for (const problem of inputProblems) events.problem(problem, null);
  const ids = sources.map(({ id }) => id);
  const joined = table === null ? null : joinLabels(table, ids);
  events.found(sources.length);
  const problems = inputProblems.map(({ message }) => message);
  const gathered = createGathering(options.seed);
  for (const [index, source] of sources.entries()) {
    try {
      const locations = table?.locations.get(source.id) ?? null;
      const details = quota(DETAIL_CELLS, index, sources.length);
      events.done(source.id, await gathered.add(source, locations, details, options));
    } catch (error) {
      const problem = toProblem(error, source.id);
      problems.push(problem.message);
      events.problem(problem, source.id);
    }
  }
  if (gathered.seen.cellsPerField.length === 0) {
    throw new InputError('no-fields', `${inputs.join(', ')}: no field of view could be read`);
  }
  return {
    labels: table === null ? null : ofImages(table, new Set(ids)),
    fields: {
      ...gathered.seen,
      imagesWithoutLabel: joined?.imagesWithoutLabel ?? [],
      labelsWithoutImage: joined?.labelsWithoutImage ?? [],
      problems,
    },
  };
}

async function findTable(inputs: readonly string[], labels: string | null): Promise<LabelTable | null> {
  if (labels !== null) return readLabels(labels);
  const beside = join(inputs[0], 'train.csv');
  return (await isFile(beside)) ? readLabels(beside) : null;
}

/** The part of a table that is about these images. */
function ofImages({ locations, unlabelled, repeated }: LabelTable, ids: ReadonlySet<string>): LabelTable {
  return {
    locations: new Map([...locations].filter(([id]) => ids.has(id))),
    unlabelled: unlabelled.filter((id) => ids.has(id)),
    repeated: new Map([...repeated].filter(([id]) => ids.has(id))),
  };
}

/** What one of `parts` parts gets of a total that is spread evenly over them. */
function quota(total: number, part: number, parts: number): number {
  return Math.floor(((part + 1) * total) / parts) - Math.floor((part * total) / parts);
}

/** Collects field by field what the page will show. */
function createGathering(seed: number) {
  const seen = {
    fieldsWithoutCells: [] as string[],
    cellsPerField: [] as number[],
    cells: [] as ExploredCell[],
    details: [] as CellDetail[],
    examples: [] as Example[],
    maskings: [] as MaskingExample[],
    storedMasking: null,
  };
  const galleries = createGalleries();
  return {
    seen,
    /** @returns the number of cells */
    async add(
      source: FieldSource,
      locations: readonly number[] | null,
      details: number,
      options: ExplorationOptions,
    ) {
      const field = await readField(source, options.pixelSizes);
      const labels = await outlineCells(field, options.outlines);
      const regions = measureRegions(labels);
      const random = createRandom(seed).fork(seen.cellsPerField.length);
      seen.cellsPerField.push(regions.length);
      if (regions.length === 0) seen.fieldsWithoutCells.push(source.id);
      for (const { box } of regions) {
        seen.cells.push({
          widthPx: box.width,
          heightPx: box.height,
          sidePx: sideOf({ box }, field),
          locations,
        });
      }
      const drawn = shuffled(regions, random);
      for (const region of drawn.slice(0, details)) seen.details.push(detailOf(region, field));
      // Cells that the border cuts show less than they would.
      const whole = drawn.filter(({ touchesEdge }) => !touchesEdge);
      const candidates = whole.length > 0 ? whole : drawn;
      for (const region of galleries.choose(candidates, locations ?? [])) {
        const pngBase64 = await pictureOf(field, labels, region, SHOWN.masking);
        seen.examples.push({ field: field.id, cell: region.label, locations: locations ?? [], pngBase64 });
      }
      const crowded = mostCrowded(candidates, labels);
      if (seen.maskings.length < MASKING_EXAMPLES && crowded !== null) {
        seen.maskings.push(await inAllMaskings(field, labels, crowded));
      }
      return regions.length;
    },
  };
}

/** Side in pixels of the square that a crop of the cell shows. */
function sideOf({ box }: Pick<Region, 'box'>, field: FieldOfView): number {
  return Math.round(Math.max(box.width, box.height) + (2 * SHOWN.marginUm) / field.pixelSizeUm);
}

function detailOf(region: Region, field: FieldOfView): CellDetail {
  const { microtubules, protein, nuclei, er } = field.channels;
  const planes = [microtubules, protein, nuclei, ...(er === null ? [] : [er])];
  return { sidePx: sideOf(region, field), energyBelow: energyBelow(planes, middleOf(region.box), BANDS) };
}

/** The middle of a box that is larger than is needed to tell its frequencies. */
function middleOf({ x, y, width, height }: Box): Box {
  const [innerWidth, innerHeight] = [Math.min(width, MOST_DETAIL_PX), Math.min(height, MOST_DETAIL_PX)];
  return {
    x: x + ((width - innerWidth) >> 1),
    y: y + ((height - innerHeight) >> 1),
    width: innerWidth,
    height: innerHeight,
  };
}

/** The cell with the most of other cells in its box: where the maskings differ most. */
function mostCrowded(regions: readonly Region[], labels: LabelImage): Region | null {
  let best: Region | null = null;
  let most = -1;
  for (const region of regions) {
    const { x, y, width, height } = region.box;
    let foreign = 0;
    for (let row = y; row < y + height; row++) {
      for (let at = row * labels.width + x; at < row * labels.width + x + width; at++) {
        if (labels.data[at] !== 0 && labels.data[at] !== region.label) foreign++;
      }
    }
    if (foreign <= most) continue;
    most = foreign;
    best = region;
  }
  return best;
}

async function inAllMaskings(
  field: FieldOfView,
  labels: LabelImage,
  region: Region,
): Promise<MaskingExample> {
  const both = async (masking: Masking) => ({
    all: await pictureOf(field, labels, region, masking),
    protein: await pictureOf(field, labels, region, masking, ['protein']),
  });
  const [none, neighbours, full] = await Promise.all(MASKINGS.map(both));
  return { field: field.id, cell: region.label, pictures: { none, neighbours, full } };
}

async function pictureOf(
  field: FieldOfView,
  cells: LabelImage,
  region: Region,
  masking: Masking,
  shown: readonly Channel[] = SHOWN.channels,
): Promise<string> {
  const options = { ...SHOWN, masking };
  const crop = cutCrop(field, { cells }, region, options, measureLevels(field, cells, options));
  const png = await encodeRgbPng(cropPicture(crop, options.channels, options.sizePx, shown));
  return Buffer.from(png).toString('base64');
}
