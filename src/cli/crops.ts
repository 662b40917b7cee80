import { type Command, Option } from 'commander';
import { type CropOptions, DEFAULT_CROP, MASKINGS, type Masking, RESIZE_KINDS } from '../crops/index.js';
import { CHANNELS, type Channel } from '../imaging/index.js';
import { readPixelSizes } from '../io/index.js';
import { type CroppingRun, runCropping } from '../runs/index.js';
import { channelList, numberFrom0, positiveNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { createProgress, type Progress } from './progress.js';
import { INPUT_HELP, pixelSizeOption } from './shared-options.js';

interface CropsOptions {
  out: string;
  labels?: string;
  masks?: string;
  masking: Masking;
  cleanProtein: boolean;
  channels: Channel[];
  size: number;
  resize: CropOptions['resize']['kind'];
  scale: number;
  margin: number;
  intensities: 'field' | 'full-scale';
  cellsPerField?: number;
  pixelSize?: string;
  seed: number;
  workers?: number;
  json: boolean;
}

/** `cytolocus crops`: one crop a cell into a packed store. Returns whether every field could be done. */
export async function crops(inputs: string[], options: CropsOptions, output: Output): Promise<boolean> {
  const { out, cellsPerField, seed, workers } = options;
  const pixelSizes = await readPixelSizes(options.pixelSize);
  let progress: Progress | null = null;
  const untold: string[] = [];
  let run: CroppingRun;
  try {
    run = await runCropping(
      inputs,
      {
        ...{ out, pixelSizes, seed, crop: toCropOptions(options) },
        labels: options.labels ?? null,
        masksFolder: options.masks ?? null,
        cellsPerField: cellsPerField ?? null,
        ...(workers === undefined ? {} : { threads: workers }),
      },
      {
        found(total) {
          if (total > 0) progress = createProgress(output, 'Cutting out', total);
        },
        done(field, cells, kept) {
          progress?.step(
            `${field}: ${cells} ${cells === 1 ? 'cell' : 'cells'}${kept ? ', done before' : ''}`,
          );
        },
        problem(problem, field) {
          const line = `error: ${problem.message}`;
          if (field === null || progress === null) output.note(line);
          else progress.step(line);
          if (field !== null && output.interactive) untold.push(line);
        },
      },
    );
  } finally {
    (progress as Progress | null)?.stop();
    for (const line of untold) output.note(line);
  }
  for (const line of describeLeftOut(run)) output.note(line);
  if (options.json) output.print(JSON.stringify(toJson(run, out), null, 2));
  else {
    const failures = run.problems.length === 0 ? '' : `, ${run.problems.length} failed`;
    output.print(
      `${run.fields} fields (${run.keptFields} done before)${failures}: ${run.cells} crops in the store ${out}`,
    );
  }
  return run.problems.length === 0;
}

function toCropOptions(options: CropsOptions): CropOptions {
  const { size, channels, masking, cleanProtein, margin, resize, scale, intensities } = options;
  return {
    sizePx: size,
    channels,
    masking,
    ...(cleanProtein ? { cleanProtein } : {}),
    marginUm: margin,
    resize: resize === 'crop' || resize === 'fit' ? { kind: resize, pixelUm: scale } : { kind: resize },
    normalisation: intensities === 'field' ? DEFAULT_CROP.normalisation : { kind: 'full-scale' },
  };
}

function describeLeftOut(run: CroppingRun): string[] {
  const line = (ids: readonly string[], what: string) =>
    ids.length === 0 ? [] : [`warning: ${ids.length} ${what}; they are left out`];
  return [
    ...line(run.imagesWithoutLabel, 'images have no label'),
    ...line(run.labelsWithoutImage, 'labels have no image'),
    ...line(run.fieldsWithoutCells, 'fields have no cells'),
  ];
}

function toJson({ problems, ...run }: CroppingRun, out: string) {
  return { out, ...run, problems: problems.map(({ code, message }) => ({ code, message })) };
}

const DEFAULT_SCALE_UM = 'pixelUm' in DEFAULT_CROP.resize ? DEFAULT_CROP.resize.pixelUm : 0.25;

/** Adds the command to the program; `done` is told whether every field could be done. */
export function addCrops(program: Command, output: Output, done: (success: boolean) => void): void {
  const { sizePx, masking, marginUm, resize } = DEFAULT_CROP;
  program
    .command('crops')
    .description('cut every cell out into a packed store, which training reads in sequence')
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--out <store>', 'folder of the store; one that is there is added to')
    .option('--labels <csv>', "table of the images' labels (ID,Label); images without one are left out")
    .option(
      '--masks <dir>',
      'label images DIR/ID/cells.png, e.g. of "cytolocus segment" (default: outlined here)',
    )
    .addOption(
      new Option('--masking <which>', "pixels set to 0: none, the neighbours', or fully all outside the cell")
        .choices([...MASKINGS])
        .default(masking),
    )
    .option('--clean-protein', "set the protein's pixels outside the cell to 0, whatever the masking", false)
    .option('--channels <list>', 'channels of a crop, joined by commas', channelList('--channels'), [
      ...CHANNELS,
    ])
    .option('--size <px>', 'width and height of a crop', wholeNumber('--size', 1, 4096), sizePx)
    .addOption(
      new Option(
        '--resize <policy>',
        'the box stretched, padded to a square, or cut at one scale (crop; fit: grown for large cells)',
      )
        .choices([...RESIZE_KINDS])
        .default(resize.kind),
    )
    .option(
      '--scale <um>',
      'um a pixel of the crop, for crop and fit',
      positiveNumber('--scale'),
      DEFAULT_SCALE_UM,
    )
    .option('--margin <um>', 'added around the box of the cell', numberFrom0('--margin'), marginUm)
    .addOption(
      new Option('--intensities <how>', "1 stands for the field's brightest cell pixels, or for full scale")
        .choices(['field', 'full-scale'])
        .default('field'),
    )
    .option(
      '--cells-per-field <n>',
      'at most so many cells (default: all)',
      wholeNumber('--cells-per-field', 1),
    )
    .option('--seed <n>', 'which cells are drawn', wholeNumber('--seed', 0, 4294967295), 1)
    .addOption(pixelSizeOption())
    .option('--workers <n>', 'threads that cut (default: one a core)', wholeNumber('--workers', 1, 256))
    .option('--json', 'print the summary as JSON', false)
    .action(async (inputs: string[], options: CropsOptions) => done(await crops(inputs, options, output)));
}
